package org.colleaguesearch.source;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Duration;
import java.util.function.Supplier;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;

/**
 * The gate of one API host. A call that comes waits until the host is well, and then for its place among the calls in
 * flight together with its turn among the calls of a second, so that when the host is well again its calls come no faster
 * than they may. A call that waits for the host to recover holds no place. Every wait ends by
 * {@code colleagues.api.patience}, by an interrupt, when the run of the call is cancelled, and when the application stops.
 * Any thread may pass.
 */
final class HostGate {
    private final HostLimits limits;
    private final HostBreaker breaker;
    /** Those that its calls share with the calls to other hosts; null for none. */
    private final ExportPlaces.Share places;

    HostGate(String host, Settings.Api api) {
        this(new HostLimits(host, api), new HostBreaker(host, api), null);
    }

    private HostGate(HostLimits limits, HostBreaker breaker, ExportPlaces.Share places) {
        this.limits = limits;
        this.breaker = breaker;
        this.places = places;
    }

    /** A second gate of the same host: its calls share the limits, but what they find of the host stops only them. */
    HostGate beside(Settings.Api api, ExportPlaces.Share places) {
        return new HostGate(limits, new HostBreaker(places.host(), api), places);
    }

    State state() {
        return breaker.state();
    }

    /**
     * Lets a call through when it may be made.
     *
     * @param call makes it, and returns what it failed with, or null
     * @param counts whether its failure is counted. Not that of a URL which has failed before: a few bad URLs, called
     *     again and again, would stop all the others. A probe is always counted
     * @param run the run that the call is made for
     * @return whether the call must be made again, since the host fails for all: that says nothing of this URL
     * @throws PausedException when it has waited too long, or its run is cancelled
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
        Runnable forget = run.onCancel(this::wake);
        try {
            boolean isProbe = breaker.waitUntilWell(run);
            while (!takePlace(run, isProbe)) {
                isProbe = breaker.waitUntilWell(run);
            }
        } finally {
            forget.run();
        }
    }

    /** Not where the host has failed since the call was let through to wait: it is to wait for that first. */
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

    void takeForDown() {
        breaker.open();
    }

    /** Ends all waiting. */
    void stop() {
        limits.stop();
        breaker.stop();
    }

    static PausedException stopping(String host) {
        return new PausedException("a call waits for the API at " + host + ", and the application stops");
    }

    static PausedException interrupted(String host) {
        Thread.currentThread().interrupt();
        return new PausedException("interrupted while waiting for the API at " + host);
    }

    static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
