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
import org.springframework.stereotype.Component;

/**
 * How much of what exports fetch is in memory as trees at the same time: of all exports together, no more bytes of JSON
 * than {@code colleagues.api.max-response-size}, since a tree takes up to thirty times the bytes that it was read from.
 * As a Camel policy it goes around the steps from a call to where its items are written: an answer is first read whole,
 * as bytes, and its tree is made when there is room for it. Small ones need none, so that they do not wait for large ones:
 * there are no more of them than threads.
 *
 * <p>Any thread may: the lock guards the fields below it. Whoever has waited longest gets room first. Whoever has room
 * waits for nothing but the disk, so that no wait for it is long; a cancel of the run ends it at once.
 *
 * <p>Not Java's Semaphore: who waits for it can be woken by an interrupt only, and who tries again goes to the end of the
 * queue.
 */
@Component("answerMemory")
public class AnswerMemory implements Policy {
    private static final int BYTES_A_PERMIT = 1024;
    /** The most bytes that need no room. */
    private static final int SMALL = 64 * 1024;

    /** What the call that this thread makes has; only within the policy's steps. */
    private static final ThreadLocal<OfCall> CURRENT = new ThreadLocal<>();

    private final int all;
    private final Duration patience;

    private final ReentrantLock lock = new ReentrantLock();
    /** Each waits for a condition of its own: only the first can go on, so only it is woken. */
    private final Deque<Condition> waiting = new ArrayDeque<>();

    private int free;

    public AnswerMemory(Settings settings) {
        this.all = permits(settings.api().maxResponseSize().toBytes(), Integer.MAX_VALUE);
        this.free = all;
        this.patience = settings.api().patience();
    }

    private static int permits(long bytes, int most) {
        return Math.clamp(Math.ceilDiv(bytes, BYTES_A_PERMIT), 1, most);
    }

    /** Room for a tree, until it is closed. */
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
     * Waits for room for the tree of some JSON. What is larger than all there is gets all.
     *
     * @param run whose cancel ends the wait
     * @throws PausedException when it has waited too long, and when the run is cancelled
     */
    public Room room(long bytes, RunCalls run) {
        int permits = bytes <= SMALL ? 0 : permits(bytes, all);
        // Not even in the queue: who waits there may wait for all the room.
        if (permits > 0) {
            take(permits, run);
        }
        return new Room(permits);
    }

    private void take(int permits, RunCalls run) {
        Runnable forget = run.onCancel(this::wake);
        lock.lock();
        Condition me = lock.newCondition();
        waiting.addLast(me);
        try {
            long giveUp = System.nanoTime() + patience.toNanos();
            while (!waiting.getFirst().equals(me) || free < permits) {
                run.checkWait();
                long left = giveUp - System.nanoTime();
                if (left <= 0) {
                    throw new PausedException(
                            "waited " + HostGate.seconds(patience) + " for the memory to read what was fetched");
                }
                long unused = me.awaitNanos(left);
            }
            free -= permits;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PausedException("interrupted while waiting for the memory to read what was fetched");
        } finally {
            waiting.remove(me);
            wakeFirst();
            lock.unlock();
            forget.run();
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

    /** Has all who wait ask again whether they still may. */
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

    /** An answer that may be made a tree: as it comes, or where the call's memory is bounded, whole, and with room for it. */
    static InputStream readable(InputStream answer) throws IOException {
        OfCall call = CURRENT.get();
        if (call == null) {
            return answer;
        }
        UnsynchronizedByteArrayOutputStream bytes =
                UnsynchronizedByteArrayOutputStream.builder().get();
        long unused = answer.transferTo(bytes);
        call.take(bytes.size());
        return bytes.toInputStream();
    }

    /** Told that the answer gave no tree: the call may be made again, and waits for that without room. */
    static void giveBack() {
        OfCall call = CURRENT.get();
        if (call != null) {
            call.giveBack();
        }
    }
}
