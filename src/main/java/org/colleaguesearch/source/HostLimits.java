package org.colleaguesearch.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;

/**
 * The limits of one API host: this node's share of the calls in flight and the calls per second. Thread-safe: calls wait no longer than the
 * patience of the API, and the one that has waited longest goes first. A call takes its place and its slot in one step,
 * so that none holds a place while it waits. The lock guards the fields below it; no call is made under it.
 *
 * <p>Not resilience4j's Bulkhead and RateLimiter: they can only be waited for one after the other, and nothing can wake
 * a waiting call.
 */
final class HostLimits {
    /** For messages: "the API at people.example.org". */
    private final String api;

    private final Settings.Api settings;
    private final NodeShare share;

    private final ReentrantLock lock = new ReentrantLock();
    /** Each waits for its own condition: only the first can proceed, so only the first is woken. */
    private final Deque<Condition> waiting = new ArrayDeque<>();

    private int inFlight;
    /** By System.nanoTime(). */
    private long nextSlot = System.nanoTime();

    private boolean stopping;

    HostLimits(String api, Settings.Api settings, NodeShare share) {
        this.api = api;
        this.settings = settings;
        this.share = share;
    }

    /**
     * Waits for a place among the calls in flight, which must be returned, and for a slot of the rate limit.
     *
     * @param run the run that the call is made for
     * @param isWanted whether the call still waits; evaluated under the lock, again after each wake-up
     * @return false, without a place, if it does not
     * @throws PausedException when the wait exceeds the patience, the run is cancelled, or the application stops
     */
    boolean takePlace(RunCalls run, BooleanSupplier isWanted) {
        lock.lock();
        Condition me = lock.newCondition();
        waiting.addLast(me);
        try {
            long deadline = System.nanoTime() + settings.patience().toNanos();
            while (isWanted.getAsBoolean()) {
                long now = System.nanoTime();
                boolean first = waiting.getFirst().equals(me);
                if (first && isPlaceFree() && nextSlot - now <= 0) {
                    inFlight++;
                    long nanosPerCall = nanosPerCall();
                    // At most one unused slot is made up for, so that calls are evenly spread.
                    nextSlot = Math.max(nextSlot - now, -nanosPerCall) + now + nanosPerCall;
                    return true;
                }
                run.checkWait();
                checkWait(now, deadline);
                long untilSlot = first && isPlaceFree() ? nextSlot - now : Long.MAX_VALUE;
                long unused = me.awaitNanos(Math.min(Math.min(untilSlot, share.changesWithin()), deadline - now));
            }
            return false;
        } catch (InterruptedException e) {
            throw HostGate.interrupted(api);
        } finally {
            waiting.remove(me);
            wakeFirst();
            lock.unlock();
        }
    }

    private boolean isPlaceFree() {
        return (settings.callsInFlight() == null || inFlight < share.of(settings.callsInFlight()))
                && (settings.callsPerSecond() == null || share.isKnown());
    }

    private long nanosPerCall() {
        return settings.callsPerSecond() == null ? 0 : share.nanosPerCall(settings.callsPerSecond());
    }

    private void checkWait(long now, long deadline) {
        if (stopping) {
            throw HostGate.stopping(api);
        }
        String patience = HostGate.seconds(settings.patience());
        if (settings.callsPerSecond() != null && nextSlot - deadline > 0) {
            throw new PausedException("the rate limit of %s calls per second for %s leaves no slot within %s"
                    .formatted(settings.callsPerSecond(), api, patience));
        }
        if (now - deadline >= 0) {
            throw new PausedException(
                    isPlaceFree()
                            ? "waited %s for the rate limit of %s calls per second for %s"
                                    .formatted(patience, settings.callsPerSecond(), api)
                            : "waited %s for the limit of %d calls in flight to %s"
                                    .formatted(patience, settings.callsInFlight(), api));
        }
    }

    void returnPlace() {
        lock.lock();
        try {
            inFlight--;
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void wakeFirst() {
        if (!waiting.isEmpty()) {
            waiting.peekFirst().signal();
        }
    }

    /** Makes all waiting calls check again whether to wait. */
    void wake() {
        lock.lock();
        try {
            waiting.forEach(Condition::signal);
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            stopping = true;
            waiting.forEach(Condition::signal);
        } finally {
            lock.unlock();
        }
    }
}
