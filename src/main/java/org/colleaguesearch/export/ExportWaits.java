package org.colleaguesearch.export;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.springframework.stereotype.Component;

/** Lets requests wait for their jobs, for a bounded time. Thread-safe: its only state is a concurrent map of latches. */
@Component
class ExportWaits {
    private static final long POLL_INTERVAL = TimeUnit.SECONDS.toNanos(1);

    /** By batch id; only of exports that a request waits for. */
    private final ConcurrentHashMap<String, CountDownLatch> latches = new ConcurrentHashMap<>();

    /**
     * Waits until an export has finished or paused.
     *
     * @param isInProgress called only after the latch exists, so that the end of the export cannot be missed
     */
    void await(String batchId, Duration atMost, BooleanSupplier isInProgress) {
        CountDownLatch latch = latches.computeIfAbsent(batchId, id -> new CountDownLatch(1));
        try {
            if (!isInProgress.getAsBoolean()) {
                // Wakes the others, too: the export may have finished before their latch existed.
                ended(batchId);
                return;
            }
            long end = System.nanoTime() + atMost.toNanos();
            boolean isOver = false;
            // Polls as well: an export that seemed about to start may have finished before, and nothing signals that.
            while (!isOver && System.nanoTime() < end) {
                isOver = latch.await(Math.min(POLL_INTERVAL, end - System.nanoTime()), TimeUnit.NANOSECONDS)
                        || !isInProgress.getAsBoolean();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestRefused(
                    Kind.UNAVAILABLE, "the server is stopping; the export continues after the restart");
        } finally {
            // In any case; others that wait for the same export poll within a second.
            latches.remove(batchId, latch);
        }
    }

    /** Wakes the requests that wait for an export. */
    void ended(String batchId) {
        CountDownLatch latch = latches.remove(batchId);
        if (latch != null) {
            latch.countDown();
        }
    }
}
