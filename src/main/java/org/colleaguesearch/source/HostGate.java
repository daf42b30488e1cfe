package org.colleaguesearch.source;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Duration;
import java.util.function.Supplier;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;

/**
 * The gate of one API host. A call waits until the host is well, then for a place among the calls in flight together
 * with a slot of the rate limit, so that a host that has recovered gets its calls no faster than allowed. A call that
 * waits for the host to recover holds no place. Every wait ends by its {@code patience}, an interrupt, the
 * cancellation of the run, or the stop of the application. Thread-safe.
 */
final class HostGate {
    private final String api;
    private final Settings.Api settings;
    private final HostLimits limits;
    private final HostBreaker breaker;
    /** The limit that calls to this host share with calls to other hosts; null for none. */
    private final ExportPlaces.Share places;

    /** {@code api}: how messages name the API, "the API at people.example.org". */
    HostGate(String api, Settings.Api settings, NodeShare share) {
        this(api, settings, new HostLimits(api, settings, share), null);
    }

    private HostGate(String api, Settings.Api settings, HostLimits limits, ExportPlaces.Share places) {
        this.api = api;
        this.settings = settings;
        this.limits = limits;
        this.breaker = new HostBreaker(api, settings);
        this.places = places;
    }

    /** A second gate of the same host: it shares the limits, but its failures stop only its own calls. */
    HostGate beside(ExportPlaces.Share places) {
        return new HostGate(api, settings, limits, places);
    }

    State state() {
        return breaker.state();
    }

    /**
     * Makes a call as soon as it may be made.
     *
     * @param call makes it, and returns its failure, or null
     * @param counts whether its failure counts. Not for a URL that has failed before: retries of a few bad URLs would
     *     stop all the others. A probe always counts
     * @param run the run that the call is made for
     * @return whether the call must be made again because the host is failing, which says nothing about this URL
     * @throws PausedException when the wait exceeds the patience or the run is cancelled
     */
    boolean pass(Supplier<Exception> call, boolean counts, RunCalls run) {
        run.checkCall();
        waitForPlace(run);
        try {
            return breaker.isNoVerdict(call.get(), counts);
        } catch (RuntimeException | Error e) {
            breaker.notMade();
            throw e;
        } finally {
            limits.returnPlace();
            giveBack();
        }
    }

    private void waitForPlace(RunCalls run) {
        Runnable unregister = run.onCancel(this::wake);
        try {
            boolean isProbe = breaker.waitUntilWell(run);
            while (!takePlace(run, isProbe)) {
                isProbe = breaker.waitUntilWell(run);
            }
        } finally {
            unregister.run();
        }
    }

    /** Returns false if the host has failed while the call waited here: the call must wait for the host first. */
    private boolean takePlace(RunCalls run, boolean isProbe) {
        try {
            if (places != null) {
                places.take(run);
            }
        } catch (RuntimeException | Error e) {
            notMade(isProbe);
            throw e;
        }
        boolean isTaken = false;
        try {
            isTaken = limits.takePlace(run, () -> isProbe || breaker.isWell());
            return isTaken;
        } catch (RuntimeException | Error e) {
            notMade(isProbe);
            throw e;
        } finally {
            if (!isTaken) {
                giveBack();
            }
        }
    }

    private void notMade(boolean isProbe) {
        if (isProbe) {
            breaker.notMade();
        }
    }

    private void giveBack() {
        if (places != null) {
            places.giveBack();
        }
    }

    private void wake() {
        breaker.wake();
        limits.wake();
        if (places != null) {
            places.wake();
        }
    }

    /** @param isLearned whether it fails for another node */
    void takeForDown(boolean isLearned) {
        breaker.open(isLearned);
    }

    /** Ends all waits. */
    void stop() {
        limits.stop();
        breaker.stop();
    }

    static PausedException stopping(String api) {
        return new PausedException("the application is stopping; a call was waiting for " + api);
    }

    static PausedException interrupted(String api) {
        Thread.currentThread().interrupt();
        return new PausedException("interrupted while waiting for " + api);
    }

    static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
