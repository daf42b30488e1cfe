package org.colleaguesearch.api;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.settings.Settings;

/**
 * The most calls that one API host gets: in flight, and of a second. Any thread may wait here, for no longer than
 * {@code colleagues.api.patience}; who waits longest goes first.
 */
final class HostLimits {
    /** More than there can be workers. */
    private static final int UNLIMITED = 1 << 20;

    private final String host;
    private final Settings.Api api;
    /** Not resilience4j's Bulkhead, whose waits nothing but an interrupt can end. */
    private final Semaphore places;
    /** Null for no limit. */
    private final RateLimiter turns;

    private final CountDownLatch stopping = new CountDownLatch(1);

    HostLimits(String host, Settings.Api api) {
        this.host = host;
        this.api = api;
        this.places = new Semaphore(api.callsInFlight() == null ? UNLIMITED : api.callsInFlight(), true);
        this.turns = api.callsPerSecond() == null ? null : RateLimiter.of(host, turns(api));
    }

    /** One in each fraction of a second, not many at its beginning. */
    private static RateLimiterConfig turns(Settings.Api api) {
        return RateLimiterConfig.custom()
                .limitForPeriod(1)
                .limitRefreshPeriod(Duration.ofNanos(Math.round(1e9 / api.callsPerSecond())))
                .timeoutDuration(api.patience())
                .build();
    }

    /** Waits for a place among the calls in flight, which is to be returned. */
    void takePlace() {
        try {
            // With a time, even none: without one it would overtake those who wait.
            if (places.tryAcquire(0, TimeUnit.NANOSECONDS)) {
                return;
            }
            if (!places.tryAcquire(api.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new PausedException("no place for %s among the %d calls in flight to the API at %s"
                        .formatted(HostGate.seconds(api.patience()), api.callsInFlight(), host));
            }
        } catch (InterruptedException e) {
            throw HostGate.interrupted(host);
        }
        if (stopping.getCount() == 0) {
            places.release();
            throw HostGate.stopping(host);
        }
    }

    void returnPlace() {
        places.release();
    }

    /** Waits for a turn among the calls of a second. */
    void waitForTurn() {
        long wait = turns == null ? 0 : turns.reservePermission();
        if (wait < 0) {
            throw new PausedException("no turn within %s among %s calls a second to the API at %s"
                    .formatted(HostGate.seconds(api.patience()), api.callsPerSecond(), host));
        }
        try {
            if (wait > 0 && stopping.await(wait, TimeUnit.NANOSECONDS)) {
                throw HostGate.stopping(host);
            }
        } catch (InterruptedException e) {
            throw HostGate.interrupted(host);
        }
    }

    void stop() {
        stopping.countDown();
        places.release(UNLIMITED);
    }
}
