package org.colleaguesearch.embedded;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts an embedded OpenSearch that ended by itself again, from a thread of its own, up to five times in ten minutes:
 * what ends it more often is nothing that a start mends.
 *
 * <p>{@code begin} and {@code end} may be called by any thread, and more than once; the rest is the thread's own.
 */
final class Keeper implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private static final int MOST_STARTS = 5;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    /** Looks rather than waits for onExit(), as Stop does. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final Supplier<ProcessHandle> child;
    private final Runnable startAgain;
    private final Duration pause;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Deque<Long> starts = new ArrayDeque<>();
    private Thread thread;

    /**
     * @param child the process as it is now
     * @param startAgain starts another, and returns when it is ready
     * @param pause before the second of such starts; before each further one it is longer by as much
     */
    Keeper(Supplier<ProcessHandle> child, Runnable startAgain, Duration pause) {
        this.child = child;
        this.startAgain = startAgain;
        this.pause = pause;
    }

    /** Begins to look after OpenSearch, which is ready. */
    synchronized void begin() {
        if (thread == null) {
            thread = new Thread(this, "keep-opensearch");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Lets OpenSearch end; does not wait for a start that is under way. */
    void end() {
        ended.countDown();
    }

    @Override
    public void run() {
        try {
            while (!ended.await(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
                ProcessHandle process = child.get();
                if (!process.isAlive() && !startsAgain(process.pid())) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            // Nobody does this but an ending JVM.
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it makes sense to go on: it is ready again, or may be after another try. */
    private boolean startsAgain(long pid) throws InterruptedException {
        long now = System.nanoTime();
        starts.removeIf(start -> now - start > WITHIN.toNanos());
        if (starts.size() == MOST_STARTS) {
            LOG.error(
                    "OpenSearch (process {}) ended by itself and is not started again, after {} starts in {} min: see its"
                            + " log, then start Colleague Search again",
                    pid,
                    MOST_STARTS,
                    WITHIN.toMinutes());
            return false;
        }
        starts.add(now);
        LOG.warn(
                "OpenSearch (process {}) ended by itself and is started again ({} of {} times in {} min)",
                pid,
                starts.size(),
                MOST_STARTS,
                WITHIN.toMinutes());
        if (ended.await(pause.toNanos() * (starts.size() - 1), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            startAgain.run();
        } catch (RuntimeException e) {
            if (ended.getCount() > 0) {
                LOG.error("{}", e.getMessage());
            }
        }
        return true;
    }
}
