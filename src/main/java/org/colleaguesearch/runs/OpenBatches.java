package org.colleaguesearch.runs;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The batches under way, and which of them has which indexer. Any thread may claim: it is one step. */
@Component
class OpenBatches {
    private final Map<String, String> claims = new ConcurrentHashMap<>();
    private final Map<String, Batch> batches = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /**
     * Claims an indexer for a batch.
     *
     * @return the id of the batch that has it: the one given, if the claim was successful
     */
    String claim(String indexer, String batchId) {
        String other = claims.putIfAbsent(indexer, batchId);
        return other == null ? batchId : other;
    }

    /** Shows a batch whose indexers are claimed. */
    Batch add(Batch batch) {
        batches.put(batch.id(), batch);
        if (stopping) {
            // The stop may have come before this batch could be told.
            batch.stop();
        }
        return batch;
    }

    /** Frees what a batch has claimed; what another has is left alone. */
    void release(String batchId) {
        claims.values().removeIf(batchId::equals);
        batches.remove(batchId);
    }

    boolean has(String batchId) {
        return claims.containsValue(batchId) || batches.containsKey(batchId);
    }

    /**
     * The batch of an id.
     *
     * @throws IllegalStateException when it is not under way
     */
    Batch get(String batchId) {
        Batch batch = batches.get(batchId);
        if (batch == null) {
            throw new IllegalStateException("batch " + batchId + " is not under way");
        }
        return batch;
    }

    Collection<Batch> all() {
        return List.copyOf(batches.values());
    }

    boolean isStopping() {
        return stopping;
    }

    /** No new chunk begins once the application is asked to stop; those in flight go on. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        stopping = true;
        batches.values().forEach(Batch::stop);
    }
}
