package org.colleaguesearch.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.delivery.Refusal.Blame;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.SearchedSections;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.ChunkTaken;
import org.colleaguesearch.ledger.DatabaseWait;
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
 * Delivers chunks to OpenSearch, driven by a route request by request. Thread-safe: a delivery belongs to the thread of
 * its chunk, and the state that deliveries share is atomic.
 */
@Component("bulkDeliveries")
class BulkDeliveries {
    private static final Logger LOG = LoggerFactory.getLogger(BulkDeliveries.class);

    private final Documents documents;
    private final Patience patience;
    private final String alias;
    private final boolean isInCluster;
    private final SearchedSections sections;
    private final MeaningSupport meaning;
    private final ChunkLedger ledger;
    private final DatabaseWait database;
    private final OutageLog waiting = new OutageLog();
    private final CountDownLatch stopping = new CountDownLatch(1);

    BulkDeliveries(
            Documents documents,
            Settings settings,
            SearchedSections sections,
            MeaningSupport meaning,
            ChunkLedger ledger,
            DatabaseWait database) {
        this.documents = documents;
        this.sections = sections;
        this.meaning = meaning;
        this.ledger = ledger;
        this.database = database;
        this.patience = new Patience(settings.opensearch().patience());
        this.alias = settings.opensearch().alias();
        this.isInCluster = settings.cluster().isOn();
    }

    /**
     * Starts the delivery of a chunk and its patience.
     *
     * @throws ChunkTaken if another node has taken the chunk
     */
    public BulkDelivery begin(ChunkOutcomes chunk) {
        return new BulkDelivery(
                chunk,
                isInCluster ? fence(chunk.chunk()) : 0,
                meaning.isOn() ? sections.meaning(chunk.chunk().indexer()) : List.of());
    }

    private long fence(Chunk chunk) {
        return database.call(() -> chunk.isTaken() ? ledger.fence(chunk) : ledger.fence());
    }

    /**
     * Waits before the next request if the last one was refused.
     *
     * @throws PausedException when OpenSearch has accepted no document of the chunk for the whole patience, when waiting
     *     cannot help, when the application is stopping, or when another node has taken the chunk meanwhile
     */
    public void await(BulkDelivery delivery) {
        Refusal refusal = delivery.lastRefusal();
        if (refusal == null) {
            return;
        }
        if (refusal.blame() == Blame.CLUSTER) {
            throw paused(
                    delivery,
                    "OpenSearch refuses writes to the index " + alias + ": " + refusal.reason() + "; "
                            + refusal.remedy());
        }
        Duration waited = delivery.waited();
        if (patience.isOver(waited)) {
            throw paused(
                    delivery,
                    "OpenSearch has accepted no documents for " + patience + ": " + refusal.reason() + "; "
                            + refusal.remedy());
        }
        Duration pause = patience.pause(delivery.refusals(), waited);
        LOG.debug("OpenSearch refused a request ({}); retrying in {}", refusal.reason(), pause);
        if (isStoppedWithin(pause)) {
            throw paused(
                    delivery,
                    "the application is stopping while OpenSearch is not accepting documents: " + refusal.reason());
        }
        if (delivery.chunk().isTaken()) {
            database.run(() -> ledger.check(delivery.chunk()));
        }
    }

    private boolean isStoppedWithin(Duration pause) {
        try {
            return stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Camel interrupts chunks that outlast the shutdown time-out.
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
        return documents.of(delivery, delivery.next());
    }

    /** Records the response items of the last request of a delivery. */
    public void answered(BulkDelivery delivery, List<BulkResponseItem> items) {
        delivery.answered(items);
        waiting.note(delivery, patience);
    }

    /** Records that the last request of a delivery failed as a whole. */
    public void failed(BulkDelivery delivery, Exception failure) {
        delivery.failed(failure);
        waiting.note(delivery, patience);
    }

    /** Ends all waits when the application is asked to stop. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        stopping.countDown();
    }
}
