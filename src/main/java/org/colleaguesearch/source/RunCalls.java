package org.colleaguesearch.source;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.function.ThrowingRunnable;
import org.colleaguesearch.failure.PausedException;

/**
 * What calls know about their run or batch: when it began, and whether it is cancelled. Thread-safe: each change of a
 * set is atomic, and a callback that is registered after a cancellation runs immediately.
 */
public final class RunCalls {
    /** A run or batch, for which calls are made. */
    public interface Owner {
        RunCalls calls();
    }

    private static final ThreadLocal<RunCalls> CURRENT = new ThreadLocal<>();

    /** Callbacks that end a wait or a call in flight; each is removed when that has finished. */
    private final Set<Runnable> waits = ConcurrentHashMap.newKeySet();

    private final Set<Runnable> inFlight = ConcurrentHashMap.newKeySet();

    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile boolean dropped;
    private volatile long began = System.nanoTime();
    private volatile String caller = "";

    /** Records that the run starts or is continued: an outage counts against its patience only from now on. */
    public void begin() {
        began = System.nanoTime();
    }

    /** Records the API key that requested the run; runs of indexers have none. */
    public void madeFor(String key) {
        caller = key;
    }

    /** The name of the API key that requested the run; empty for none. */
    String caller() {
        return caller;
    }

    /** Ends all waits; calls no longer wait. Calls in flight finish normally. */
    public void cancel() {
        cancelled.countDown();
        waits.forEach(Runnable::run);
    }

    /** Ends all calls, including those in flight; no further call is made. */
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

    /** Throws if calls of this run must not wait. */
    void checkWait() {
        if (cancelled.getCount() == 0) {
            throw ended();
        }
    }

    /** Throws if calls of this run must not be made. */
    void checkCall() {
        if (dropped) {
            throw ended();
        }
    }

    static PausedException ended() {
        return new PausedException("the run is cancelled");
    }

    /** Waits for a duration; throws if the run is cancelled. */
    void pause(Duration time) throws InterruptedException {
        boolean unused = cancelled.await(time.toNanos(), TimeUnit.NANOSECONDS);
        checkWait();
    }

    /**
     * Registers a callback for the cancellation of waits, which any thread may run.
     *
     * @return removes the callback
     */
    Runnable onCancel(Runnable end) {
        waits.add(end);
        if (cancelled.getCount() == 0) {
            end.run();
        }
        return () -> waits.remove(end);
    }

    /**
     * Registers a callback for the end of calls in flight, which any thread may run.
     *
     * @return removes the callback
     */
    Runnable onDrop(Runnable end) {
        inFlight.add(end);
        if (dropped) {
            end.run();
        }
        return () -> inFlight.remove(end);
    }

    /** Makes a call, during which {@link #current()} returns this. */
    void during(ThrowingRunnable<Exception> call) throws Exception {
        CURRENT.set(this);
        try {
            call.run();
        } finally {
            CURRENT.remove();
        }
    }

    /** The run of the call that this thread makes; a new one outside a call. */
    static RunCalls current() {
        RunCalls current = CURRENT.get();
        return current == null ? new RunCalls() : current;
    }
}
