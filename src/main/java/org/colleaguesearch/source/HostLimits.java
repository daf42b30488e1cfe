package org.colleaguesearch.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;

/**
 * The most calls that one API host gets: in flight, and of a second. Any thread may wait here, for no longer than
 * {@code colleagues.api.patience}; who waits longest goes first. A call takes its place and its turn in one step, so
 * that none has a place while it waits. The lock guards the fields below it; no call is made under it.
 *
 * <p>Not resilience4j's Bulkhead and RateLimiter: they can be waited for one after the other only, and by nobody who is
 * to be woken.
 */
final class HostLimits {
    private final String host;
    private final Settings.Api api;
    private final long nanosPerCall;

    private final ReentrantLock lock = new ReentrantLock();
    /** Each waits for a condition of its own: only the first can go on, so only it is woken. */
    private final Deque<Condition> waiting = new ArrayDeque<>();

    private int inFlight;
    /** By System.nanoTime(). */
    private long nextTurn = System.nanoTime();

    private boolean stopping;

    HostLimits(String host, Settings.Api api) {
        this.host = host;
        this.api = api;
        this.nanosPerCall = api.callsPerSecond() == null ? 0 : Math.round(1e9 / api.callsPerSecond());
    }

    /**
     * Waits for a place among the calls in flight, which is to be returned, and for a turn among those of a second.
     *
     * @param run the run that the call is made for
     * @param isWanted whether the call still waits for these; asked again when woken, under the lock
     * @return false, without a place, when it does not
     * @throws PausedException when it has waited too long, when the run is cancelled, and when the application stops
     */
    boolean takePlace(RunCalls run, BooleanSupplier isWanted) {
        lock.lock();
        Condition me = lock.newCondition();
        waiting.addLast(me);
        try {
            long giveUp = System.nanoTime() + api.patience().toNanos();
            while (isWanted.getAsBoolean()) {
                long now = System.nanoTime();
                boolean first = waiting.getFirst().equals(me);
                if (first && isPlaceFree() && nextTurn - now <= 0) {
                    inFlight++;
                    // Of the turns that nobody took, one at most is made up for: calls come evenly spread.
                    nextTurn = Math.max(nextTurn - now, -nanosPerCall) + now + nanosPerCall;
                    return true;
                }
                run.checkWait();
                checkWait(now, giveUp);
                long untilTurn = first && isPlaceFree() ? nextTurn - now : Long.MAX_VALUE;
                long unused = me.awaitNanos(Math.min(untilTurn, giveUp - now));
            }
            return false;
        } catch (InterruptedException e) {
            throw HostGate.interrupted(host);
        } finally {
            waiting.remove(me);
            wakeFirst();
            lock.unlock();
        }
    }

    private boolean isPlaceFree() {
        return api.callsInFlight() == null || inFlight < api.callsInFlight();
    }

    private void checkWait(long now, long giveUp) {
        if (stopping) {
            throw HostGate.stopping(host);
        }
        String patience = HostGate.seconds(api.patience());
        if (nanosPerCall > 0 && nextTurn - giveUp > 0) {
            throw new PausedException("no turn within %s among %s calls a second to the API at %s"
                    .formatted(patience, api.callsPerSecond(), host));
        }
        if (now - giveUp >= 0) {
            throw new PausedException(
                    isPlaceFree()
                            ? "no turn within %s among %s calls a second to the API at %s"
                                    .formatted(patience, api.callsPerSecond(), host)
                            : "no place for %s among the %d calls in flight to the API at %s"
                                    .formatted(patience, api.callsInFlight(), host));
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

    /** Has all who wait ask again whether they still want to. */
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
