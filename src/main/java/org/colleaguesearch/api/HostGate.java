package org.colleaguesearch.api;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate of one API host. A call that comes waits for a place among the calls in flight, until the host is well, and
 * for its turn among the calls of a second; in this order, so that when the host is well again its calls come no faster
 * than they may. Every wait ends by {@code colleagues.api.patience}, by an interrupt, and when the application stops.
 *
 * <p>Any thread may pass. The lock guards the wait and {@code openSince} only; no call is made under it.
 */
final class HostGate {
    private static final Logger LOG = LoggerFactory.getLogger(HostGate.class);

    /** The calls that are looked back on, and how many of them there must be: few enough for a small pool to fill. */
    private static final int LAST_CALLS = 20;

    private static final int FEWEST_CALLS = 10;
    /** More than there can be workers. */
    private static final int UNLIMITED = 1 << 20;

    private final String host;
    private final Settings.Api api;
    private final CircuitBreaker breaker;
    private final RateLimiter turns;
    /** Fair: the call that waits longest goes first. */
    private final Semaphore places;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** By System.nanoTime(); 0 while the breaker is closed. */
    private long openSince;

    private volatile String lastFailure = "";
    private volatile boolean stopping;

    HostGate(String host, Settings.Api api) {
        this.host = host;
        this.api = api;
        this.places = new Semaphore(api.callsInFlight() == null ? UNLIMITED : api.callsInFlight(), true);
        this.turns = api.callsPerSecond() == null ? null : RateLimiter.of(host, turns(api));
        this.breaker = CircuitBreaker.of(
                host,
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(LAST_CALLS)
                        .minimumNumberOfCalls(FEWEST_CALLS)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(api.probeEvery())
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> changed(event.getStateTransition()));
    }

    /** One a fraction of a second, not many at its beginning. */
    private static RateLimiterConfig turns(Settings.Api api) {
        return RateLimiterConfig.custom()
                .limitForPeriod(1)
                .limitRefreshPeriod(Duration.ofNanos(Math.round(1e9 / api.callsPerSecond())))
                .timeoutDuration(api.patience())
                .build();
    }

    State state() {
        return breaker.getState();
    }

    /**
     * Lets a call through when it may be made.
     *
     * @param call makes it, and returns what it failed with, or null
     * @param counts whether its failure is counted. Not that of a URL which has failed before: a few bad URLs, called
     *     again and again, would stop all the others. A probe is always counted
     * @return whether the call must be made again, since the host failed and does so for all: that says nothing of its
     *     URL
     * @throws PausedException when it has waited too long
     */
    boolean pass(Supplier<Exception> call, boolean counts) {
        waitForPlace();
        try {
            waitUntilWell();
            waitForTurn();
            return isNoVerdict(call.get(), counts);
        } finally {
            places.release();
        }
    }

    private boolean isNoVerdict(Exception failure, boolean counts) {
        if (ApiFailures.isOfHost(failure)) {
            lastFailure = ApiFailures.reason(failure);
            if (counts || breaker.getState() == State.HALF_OPEN) {
                breaker.onError(0, TimeUnit.NANOSECONDS, failure);
            } else {
                breaker.releasePermission();
            }
            return breaker.getState() != State.CLOSED;
        }
        if (ApiFailures.isAnswer(failure)) {
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        } else {
            breaker.releasePermission();
        }
        return false;
    }

    private void waitForPlace() {
        try {
            // With a time, even none, since without one it would overtake those who wait.
            if (places.tryAcquire(0, TimeUnit.NANOSECONDS)) {
                return;
            }
            if (!places.tryAcquire(api.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new PausedException("no place for %s among the %d calls in flight to the API at %s"
                        .formatted(text(api.patience()), api.callsInFlight(), host));
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
        if (stopping) {
            places.release();
            throw stops();
        }
    }

    private void waitUntilWell() {
        while (!breaker.tryAcquirePermission()) {
            lock.lock();
            try {
                long now = System.nanoTime();
                long left = api.patience().toNanos() - (openSince == 0 ? 0 : now - openSince);
                if (left <= 0) {
                    throw new PausedException("the API at %s has given no good answer for %s; the last: %s"
                            .formatted(host, text(Duration.ofNanos(now - openSince)), lastFailure));
                }
                if (stopping) {
                    throw stops();
                }
                if (breaker.getState() != State.CLOSED) {
                    // Whoever wakes first when a probe is due is the probe. Woken early, it asks again.
                    long unused =
                            changed.awaitNanos(Math.min(left, api.probeEvery().toNanos()));
                }
            } catch (InterruptedException e) {
                throw interrupted();
            } finally {
                lock.unlock();
            }
        }
    }

    private void waitForTurn() {
        long left = turns == null ? 0 : turns.reservePermission();
        if (left == 0) {
            return;
        }
        lock.lock();
        try {
            if (left < 0) {
                throw new PausedException("no turn within %s among %s calls a second to the API at %s"
                        .formatted(text(api.patience()), api.callsPerSecond(), host));
            }
            while (left > 0) {
                if (stopping) {
                    throw stops();
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            breaker.releasePermission();
            throw interrupted();
        } catch (PausedException e) {
            breaker.releasePermission();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Told by the breaker, in the thread whose call changed it. */
    private void changed(StateTransition transition) {
        long now = System.nanoTime();
        if (transition == StateTransition.CLOSED_TO_OPEN) {
            LOG.warn(
                    "the API at {} fails: {} of the last {} calls, the last with: {}; paused, probing every {}",
                    host,
                    breaker.getMetrics().getNumberOfFailedCalls(),
                    breaker.getMetrics().getNumberOfBufferedCalls(),
                    lastFailure,
                    text(api.probeEvery()));
        }
        lock.lock();
        try {
            if (transition == StateTransition.CLOSED_TO_OPEN) {
                openSince = now;
            } else if (transition == StateTransition.HALF_OPEN_TO_CLOSED) {
                LOG.info("the API at {} answers again, after {}", host, text(Duration.ofNanos(now - openSince)));
                openSince = 0;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waiting. */
    void stop() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        places.release(UNLIMITED);
    }

    private PausedException stops() {
        return new PausedException("the call to the API at " + host + " waits, and the application stops");
    }

    private PausedException interrupted() {
        Thread.currentThread().interrupt();
        return new PausedException("interrupted while waiting to call the API at " + host);
    }

    private static String text(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
