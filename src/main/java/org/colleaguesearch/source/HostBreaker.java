package org.colleaguesearch.source;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one API host is well: until most calls fail, and again once a probe gets a response. Thread-safe. The lock
 * guards {@code openSince} and the wait; no call is made under it.
 */
final class HostBreaker {
    private static final Logger LOG = LoggerFactory.getLogger(HostBreaker.class);

    /** The number of last calls to judge by, and the minimum: so few that ten workers are enough. */
    private static final int LAST_CALLS = 20;

    private static final int MIN_CALLS = 10;

    /** For messages, as in {@link HostLimits}. */
    private final String api;

    private final Settings.Api settings;
    private final CircuitBreaker breaker;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** By System.nanoTime(); 0 while calls go through. */
    private long openSince;

    private volatile String lastFailure = "";
    /** Whether another node has found out that the host fails, and this one has not yet. */
    private volatile boolean learned;

    private volatile boolean stopping;

    HostBreaker(String api, Settings.Api settings) {
        this.api = api;
        this.settings = settings;
        this.breaker = CircuitBreaker.of(
                api,
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(LAST_CALLS)
                        .minimumNumberOfCalls(MIN_CALLS)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(settings.probeEvery())
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> changed(event.getStateTransition()));
    }

    /** As far as this node has found out itself. */
    State state() {
        return learned ? State.CLOSED : breaker.getState();
    }

    /**
     * Marks the host as down, if it is not already.
     *
     * @param isLearned whether it fails for another node
     */
    void open(boolean isLearned) {
        if (breaker.getState() == State.CLOSED) {
            learned = isLearned;
            lastFailure = isLearned ? "it fails for another node" : lastFailure;
            breaker.transitionToOpenState();
        }
    }

    boolean isWell() {
        return breaker.getState() == State.CLOSED;
    }

    /**
     * Waits until the host is well or the call becomes the next probe. One of the next two methods must follow.
     *
     * @return whether the call is a probe
     * @throws PausedException when the host has been failing for the whole patience since the run began or was
     *     continued, when the run is cancelled, or when the application stops
     */
    boolean waitUntilWell(RunCalls run) {
        while (!breaker.tryAcquirePermission()) {
            lock.lock();
            try {
                run.checkWait();
                long now = System.nanoTime();
                Duration open = Duration.ofNanos(openSince == 0 ? 0 : now - openSince);
                // An outage before the run does not count: each run that is continued after one gets its probe.
                Duration left = settings.patience().minusNanos(Math.min(open.toNanos(), now - run.began()));
                if (!left.isPositive()) {
                    throw new PausedException("%s has been unavailable for %s; last failure: %s"
                            .formatted(api, HostGate.seconds(open), lastFailure));
                }
                if (stopping) {
                    throw HostGate.stopping(api);
                }
                if (!isWell()) {
                    // The first to wake when a probe is due is the probe; calls that are woken early check again.
                    long unused = changed.awaitNanos(
                            Math.min(left.toNanos(), settings.probeEvery().toNanos()));
                }
            } catch (InterruptedException e) {
                throw HostGate.interrupted(api);
            } finally {
                lock.unlock();
            }
        }
        return !isWell();
    }

    /** Called when the call was not made or its result is unknown. */
    void notMade() {
        breaker.releasePermission();
    }

    /** Records the result of the call; see {@link HostGate#pass}. */
    boolean isNoVerdict(Exception failure, boolean counts) {
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

    /** Called by the breaker, in the thread whose call changed it. */
    private void changed(StateTransition transition) {
        lock.lock();
        try {
            long now = System.nanoTime();
            // A probe of this node tells.
            learned = learned
                    && (transition == StateTransition.CLOSED_TO_OPEN
                            || transition == StateTransition.OPEN_TO_HALF_OPEN);
            if (transition == StateTransition.CLOSED_TO_OPEN) {
                openSince = now;
                CircuitBreaker.Metrics last = breaker.getMetrics();
                LOG.warn(
                        "{} is failing: {} of the last {} calls failed, the last with: {}; calls paused, probing every {}",
                        api,
                        last.getNumberOfFailedCalls(),
                        last.getNumberOfBufferedCalls(),
                        lastFailure,
                        HostGate.seconds(settings.probeEvery()));
            } else if (transition == StateTransition.HALF_OPEN_TO_CLOSED) {
                Duration open = Duration.ofNanos(now - openSince);
                LOG.info("{} is available again after {}", api, HostGate.seconds(open));
                openSince = 0;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes all waiting calls check again whether to wait. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
