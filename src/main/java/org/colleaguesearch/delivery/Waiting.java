package org.colleaguesearch.delivery;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in one line that OpenSearch refuses, however many chunks find out, and in one that it takes documents again.
 * Any thread may tell it: each change of the set is one step, and so is the count that decides who speaks.
 */
final class Waiting {
    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

    /** A busy OpenSearch refuses something now and then: it is no news until it does so twice in a row. */
    private static final int NEWS = 2;

    /** The deliveries that wait; at most as many as there are chunks in flight. */
    private final Set<BulkDelivery> deliveries = ConcurrentHashMap.newKeySet();

    private final AtomicInteger count = new AtomicInteger();
    private volatile long since;

    /** Notes how the last request of a delivery went. */
    void note(BulkDelivery delivery, Patience patience) {
        if (delivery.refusals() == 0) {
            if (deliveries.remove(delivery) && count.decrementAndGet() == 0) {
                LOG.info(
                        "OpenSearch takes documents again, after {} s",
                        Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0);
            }
        } else if (delivery.refusals() >= NEWS && deliveries.add(delivery) && count.getAndIncrement() == 0) {
            since = System.nanoTime();
            LOG.warn(
                    "OpenSearch does not take documents ({}): they are sent again, for up to {}; {}",
                    delivery.lastRefusal().reason(),
                    patience,
                    delivery.lastRefusal().remedy());
        }
    }

    /** Notes that a delivery was given up, which is no sign that OpenSearch takes anything. */
    void forget(BulkDelivery delivery) {
        if (deliveries.remove(delivery)) {
            count.decrementAndGet();
        }
    }
}
