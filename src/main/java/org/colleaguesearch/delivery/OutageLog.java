package org.colleaguesearch.delivery;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs one line when OpenSearch stops accepting documents, however many chunks notice, and one when it accepts them again.
 * Thread-safe: changes of the set are atomic, and so is the count that decides which thread logs.
 */
final class OutageLog {
    private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

    /** Consecutive refusals before a line is logged: a busy OpenSearch refuses a request now and then. */
    private static final int LOG_AFTER = 2;

    /** The waiting deliveries; at most as many as there are chunks in flight. */
    private final Set<BulkDelivery> deliveries = ConcurrentHashMap.newKeySet();

    private final AtomicInteger count = new AtomicInteger();
    private volatile long since;

    /** Records the result of the last request of a delivery. */
    void note(BulkDelivery delivery, Patience patience) {
        if (delivery.refusals() == 0) {
            if (deliveries.remove(delivery) && count.decrementAndGet() == 0) {
                LOG.info(
                        "OpenSearch is accepting documents again after {} s",
                        Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0);
            }
        } else if (delivery.refusals() >= LOG_AFTER && deliveries.add(delivery) && count.getAndIncrement() == 0) {
            since = System.nanoTime();
            LOG.warn(
                    "OpenSearch is not accepting documents ({}); retrying for up to {}; {}",
                    delivery.lastRefusal().reason(),
                    patience,
                    delivery.lastRefusal().remedy());
        }
    }

    /** Removes a delivery that was paused, which does not mean that OpenSearch accepts documents again. */
    void forget(BulkDelivery delivery) {
        if (deliveries.remove(delivery)) {
            count.decrementAndGet();
        }
    }
}
