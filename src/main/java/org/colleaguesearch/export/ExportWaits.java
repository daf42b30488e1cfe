package org.colleaguesearch.export;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.springframework.stereotype.Component;

/** Where requests wait for their jobs, each for a bounded time. Any thread may wait; a map and latches are all it has. */
@Component
class ExportWaits {
    private static final long RECHECK = TimeUnit.SECONDS.toNanos(1);

    /** By batch; of those that someone waits for. */
    private final ConcurrentHashMap<String, CountDownLatch> latches = new ConcurrentHashMap<>();

    /**
     * Waits until an export has ended or paused.
     *
     * @param isUnderWay asked once it cannot end unnoticed any more
     */
    void await(String batchId, Duration atMost, BooleanSupplier isUnderWay) {
        CountDownLatch latch = latches.computeIfAbsent(batchId, id -> new CountDownLatch(1));
        try {
            if (!isUnderWay.getAsBoolean()) {
                // All of them: whoever else waits would have been missed.
                ended(batchId);
                return;
            }
            long end = System.nanoTime() + atMost.toNanos();
            boolean isOver = false;
            // Asked again and again, since what seemed to begin may have ended before; nobody says so then.
            while (!isOver && System.nanoTime() < end) {
                isOver = latch.await(Math.min(RECHECK, end - System.nanoTime()), TimeUnit.NANOSECONDS)
                        || !isUnderWay.getAsBoolean();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestRefused(Kind.UNAVAILABLE, "the server stops; the export goes on after its next start");
        } finally {
            // However it ends; others who wait for the same ask again within a second.
            latches.remove(batchId, latch);
        }
    }

    /** Wakes those who wait for an export. */
    void ended(String batchId) {
        CountDownLatch latch = latches.remove(batchId);
        if (latch != null) {
            latch.countDown();
        }
    }
}
