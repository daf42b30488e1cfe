package org.colleaguesearch.source;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.commons.io.output.UnsynchronizedByteArrayOutputStream;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Bounds the memory for JSON trees of export responses: all exports together parse no more bytes of JSON at a time than
 * {@code max-response-size} of their API, since a tree takes up to thirty times the bytes it was parsed from. As a Camel
 * policy it wraps the steps from a call to the writing of its items: a response is first read whole, as bytes,
 * and parsed when there is room. Small responses need no room, so that they do not wait for large ones; their number is
 * bounded by the threads.
 *
 * <p>Thread-safe: the lock guards the fields below it. Room goes first to the call that has waited longest. A call with
 * room waits for nothing but the disk, so waits for room are short; cancelling the run ends them immediately.
 *
 * <p>Not a Semaphore: only an interrupt ends a wait for one, and a thread that tries again goes to the end of the
 * queue.
 */
@Component("responseMemory")
public class ResponseMemory implements Policy {
    private static final int BYTES_PER_PERMIT = 1024;
    /** Responses of up to this many bytes need no room. */
    private static final int SMALL = 64 * 1024;

    /** The room of the call that this thread makes; set only within the policy's steps. */
    private static final ThreadLocal<OfCall> CURRENT = new ThreadLocal<>();

    private final int all;
    private final Duration patience;

    private final ReentrantLock lock = new ReentrantLock();
    /** Each waits for its own condition: only the first can proceed, so only the first is woken. */
    private final Deque<Condition> waiting = new ArrayDeque<>();

    private int free;

    @Autowired
    ResponseMemory(Settings settings, Apis apis) {
        this(apis.settings(settings.export().api()));
    }

    public ResponseMemory(Settings.Api api) {
        this.all = permits(api.maxResponseSize().toBytes(), Integer.MAX_VALUE);
        this.free = all;
        this.patience = api.patience();
    }

    private static int permits(long bytes, int most) {
        return Math.clamp(Math.ceilDiv(bytes, BYTES_PER_PERMIT), 1, most);
    }

    /** Room for one tree, until closed. */
    public final class Room implements AutoCloseable {
        private final int permits;

        private Room(int permits) {
            this.permits = permits;
        }

        @Override
        public void close() {
            give(permits);
        }
    }

    /**
     * Waits for room to parse some JSON. JSON that is larger than all the room gets all of it.
     *
     * @param run whose cancellation ends the wait
     * @throws PausedException when the wait exceeds the patience or the run is cancelled
     */
    public Room room(long bytes, RunCalls run) {
        int permits = bytes <= SMALL ? 0 : permits(bytes, all);
        // Not queued: the first in the queue may be waiting for all the room.
        if (permits > 0) {
            take(permits, run);
        }
        return new Room(permits);
    }

    private void take(int permits, RunCalls run) {
        Runnable unregister = run.onCancel(this::wake);
        lock.lock();
        Condition me = lock.newCondition();
        waiting.addLast(me);
        try {
            long deadline = System.nanoTime() + patience.toNanos();
            while (!waiting.getFirst().equals(me) || free < permits) {
                run.checkWait();
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new PausedException(
                            "waited " + HostGate.seconds(patience) + " for memory to parse a response");
                }
                long unused = me.awaitNanos(left);
            }
            free -= permits;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PausedException("interrupted while waiting for memory to parse a response");
        } finally {
            waiting.remove(me);
            wakeFirst();
            lock.unlock();
            unregister.run();
        }
    }

    private void give(int permits) {
        lock.lock();
        try {
            free += permits;
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void wakeFirst() {
        if (!waiting.isEmpty()) {
            waiting.getFirst().signal();
        }
    }

    /** Makes all waiting calls check again whether to wait. */
    private void wake() {
        lock.lock();
        try {
            waiting.forEach(Condition::signal);
        } finally {
            lock.unlock();
        }
    }

    private final class OfCall {
        private Room room;

        void take(long bytes) {
            giveBack();
            room = room(bytes, RunCalls.current());
        }

        void giveBack() {
            if (room != null) {
                room.close();
                room = null;
            }
        }
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {}

    @Override
    public Processor wrap(Route route, Processor steps) {
        return exchange -> {
            OfCall call = new OfCall();
            CURRENT.set(call);
            try {
                steps.process(exchange);
            } finally {
                CURRENT.remove();
                call.giveBack();
            }
        };
    }

    /**
     * Returns the response for parsing: as a stream or, where the memory of the call is bounded, read whole and with
     * room for its tree.
     */
    static InputStream readable(InputStream response) throws IOException {
        OfCall call = CURRENT.get();
        if (call == null) {
            return response;
        }
        UnsynchronizedByteArrayOutputStream bytes =
                UnsynchronizedByteArrayOutputStream.builder().get();
        long unused = response.transferTo(bytes);
        call.take(bytes.size());
        return bytes.toInputStream();
    }

    /** Called when the response could not be parsed: the call may be retried, and waits for that without room. */
    static void giveBack() {
        OfCall call = CURRENT.get();
        if (call != null) {
            call.giveBack();
        }
    }
}
