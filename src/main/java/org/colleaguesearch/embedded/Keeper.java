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
 * Restarts an embedded OpenSearch that exits unexpectedly, up to five times in ten minutes: restarts do not cure what
 * stops it more often.
 *
 * <p>Any thread may call {@code begin} and {@code end}, repeatedly; everything else belongs to the keeper's own thread.
 */
final class Keeper implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private static final int MOST_STARTS = 5;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    /** Polls instead of using onExit(), as Stop does. */
    private static final Duration POLL = Duration.ofMillis(500);

    private final Supplier<ProcessHandle> child;
    private final Runnable restart;
    private final Duration pause;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Deque<Long> starts = new ArrayDeque<>();
    private Thread thread;

    /**
     * @param child returns the current process
     * @param restart starts a new process and returns when it is ready
     * @param pause before the second restart; each further pause is longer by as much
     */
    Keeper(Supplier<ProcessHandle> child, Runnable restart, Duration pause) {
        this.child = child;
        this.restart = restart;
        this.pause = pause;
    }

    /** Starts watching OpenSearch, which is ready. */
    synchronized void begin() {
        if (thread == null) {
            thread = new Thread(this, "keep-opensearch");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Stops watching; does not wait for a restart in progress. */
    void end() {
        ended.countDown();
    }

    @Override
    public void run() {
        try {
            while (!ended.await(POLL.toNanos(), TimeUnit.NANOSECONDS)) {
                ProcessHandle process = child.get();
                if (!process.isAlive() && !restarts(process.pid())) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            // Only a JVM shutdown interrupts this thread.
            Thread.currentThread().interrupt();
        }
    }

    /** Restarts it and returns whether to keep watching: it is ready again, or may be after another try. */
    private boolean restarts(long pid) throws InterruptedException {
        long now = System.nanoTime();
        starts.removeIf(start -> now - start > WITHIN.toNanos());
        if (starts.size() == MOST_STARTS) {
            LOG.error(
                    "OpenSearch (process {}) exited unexpectedly and is not restarted after {} restarts in {} min:"
                            + " check its log, then restart Colleague Search",
                    pid,
                    MOST_STARTS,
                    WITHIN.toMinutes());
            return false;
        }
        starts.add(now);
        LOG.warn(
                "OpenSearch (process {}) exited unexpectedly; restarting it ({} of {} restarts in {} min)",
                pid,
                starts.size(),
                MOST_STARTS,
                WITHIN.toMinutes());
        if (ended.await(pause.toNanos() * (starts.size() - 1), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            restart.run();
        } catch (RuntimeException e) {
            if (ended.getCount() > 0) {
                LOG.error("{}", e.getMessage());
            }
        }
        return true;
    }
}
