package org.colleaguesearch.source;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.function.ThrowingRunnable;
import org.colleaguesearch.failure.PausedException;

/**
 * What calls know of the run or batch that they are made for: since when it has been going on, and whether it is
 * cancelled. Any thread may ask, wait and cancel: each change of a set is one step, and who registers after a cancel
 * finds it out at once.
 */
public final class RunCalls {
    /** What has calls made for it. */
    public interface Owner {
        RunCalls calls();
    }

    private static final ThreadLocal<RunCalls> CURRENT = new ThreadLocal<>();

    /** What ends a wait, and what ends a call in flight; each is removed when that has ended. */
    private final Set<Runnable> waits = ConcurrentHashMap.newKeySet();

    private final Set<Runnable> inFlight = ConcurrentHashMap.newKeySet();

    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile boolean dropped;
    private volatile long began = System.nanoTime();
    private volatile String caller = "";

    /** Notes that the run starts, or is continued: an outage counts against its patience from now on only. */
    public void begin() {
        began = System.nanoTime();
    }

    /** Notes which API key has asked for the run; none has for one of indexers. */
    public void madeFor(String key) {
        caller = key;
    }

    /** The name of the API key that has asked for the run; empty for none. */
    String caller() {
        return caller;
    }

    /** Ends all calls that wait; none waits any more. Those in flight end by themselves. */
    public void cancel() {
        cancelled.countDown();
        waits.forEach(Runnable::run);
    }

    /** Ends all calls, those in flight, too; no other is made. */
    public void drop() {
        dropped = true;
        cancel();
        inFlight.forEach(Runnable::run);
    }

    boolean isDropped() {
        return dropped;
    }

    /** By System.nanoTime(). */
    long began() {
        return began;
    }

    /** Throws when a call of this run is not to wait. */
    void checkWait() {
        if (cancelled.getCount() == 0) {
            throw ended();
        }
    }

    /** Throws when a call of this run is not to be made. */
    void checkCall() {
        if (dropped) {
            throw ended();
        }
    }

    static PausedException ended() {
        return new PausedException("the run is cancelled");
    }

    /** Waits until the time is over. */
    void pause(Duration time) throws InterruptedException {
        boolean unused = cancelled.await(time.toNanos(), TimeUnit.NANOSECONDS);
        checkWait();
    }

    /** Has something done when calls are not to wait any more, from any thread, until the result is run. */
    Runnable onCancel(Runnable end) {
        waits.add(end);
        if (cancelled.getCount() == 0) {
            end.run();
        }
        return () -> waits.remove(end);
    }

    /** Has something done when calls in flight are to end, from any thread, until the result is run. */
    Runnable onDrop(Runnable end) {
        inFlight.add(end);
        if (dropped) {
            end.run();
        }
        return () -> inFlight.remove(end);
    }

    /** Makes a call, which can ask for its run meanwhile. */
    void during(ThrowingRunnable<Exception> call) throws Exception {
        CURRENT.set(this);
        try {
            call.run();
        } finally {
            CURRENT.remove();
        }
    }

    /** The run of the call that this thread makes; one of its own where it makes it for none. */
    static RunCalls current() {
        RunCalls current = CURRENT.get();
        return current == null ? new RunCalls() : current;
    }
}
