package org.colleaguesearch.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.delivery.Refusal.Blame;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.settings.Settings;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Delivers chunks to OpenSearch, for a route to tell request by request. Any thread may: a delivery belongs to its
 * chunk's thread, and what deliveries share, the end of all waits and a count, changes in single steps.
 */
@Component("bulkDeliveries")
class BulkDeliveries {
    private static final Logger LOG = LoggerFactory.getLogger(BulkDeliveries.class);

    private final Documents documents;
    private final Patience patience;
    private final String alias;
    private final Waiting waiting = new Waiting();
    private final CountDownLatch stopping = new CountDownLatch(1);

    BulkDeliveries(Documents documents, Settings settings) {
        this.documents = documents;
        this.patience = new Patience(settings.opensearch().patience());
        this.alias = settings.opensearch().alias();
    }

    /** Begins the delivery of a chunk, whose patience counts from now. */
    public BulkDelivery begin(ChunkOutcomes chunk) {
        return new BulkDelivery(chunk);
    }

    /**
     * Waits as long as the refusals so far call for: not at all if there were none.
     *
     * @throws PausedException when OpenSearch took nothing of the chunk for as long as the patience lasts, when
     *     waiting does not help, and at once when the application stops
     */
    public void await(BulkDelivery delivery) {
        Refusal refusal = delivery.lastRefusal();
        if (refusal == null) {
            return;
        }
        if (refusal.blame() == Blame.CLUSTER) {
            throw paused(
                    delivery,
                    "OpenSearch does not let the index " + alias + " be written to: " + refusal.reason()
                            + "; check colleagues.opensearch.username and password, their permissions, and the index");
        }
        Duration waited = delivery.waited();
        if (patience.isOver(waited)) {
            throw paused(
                    delivery,
                    "OpenSearch took nothing for " + patience + ": " + refusal.reason() + "; " + refusal.remedy());
        }
        Duration pause = patience.pause(delivery.refusals(), waited);
        LOG.debug("OpenSearch refused ({}): sending again in {}", refusal.reason(), pause);
        if (isStoppedWithin(pause)) {
            throw paused(delivery, "the application stops while OpenSearch takes nothing: " + refusal.reason());
        }
    }

    private boolean isStoppedWithin(Duration pause) {
        try {
            return stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Camel interrupts the chunks that do not end in time after a stop.
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private PausedException paused(BulkDelivery delivery, String why) {
        waiting.forget(delivery);
        return new PausedException(why);
    }

    /** The next bulk request of a delivery. */
    public List<UpdateOperation<Map<String, Object>>> request(BulkDelivery delivery) {
        return documents.of(delivery.indexer(), delivery.next());
    }

    /** Notes the items that OpenSearch answered to the last request of a delivery. */
    public void answered(BulkDelivery delivery, List<BulkResponseItem> items) {
        delivery.answered(items);
        waiting.note(delivery, patience);
    }

    /** Notes that the last request of a delivery failed as a whole. */
    public void failed(BulkDelivery delivery, Exception failure) {
        delivery.failed(failure);
        waiting.note(delivery, patience);
    }

    /** Nobody waits for OpenSearch any longer once the application is asked to stop. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        stopping.countDown();
    }
}
