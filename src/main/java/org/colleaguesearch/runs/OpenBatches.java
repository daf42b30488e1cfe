package org.colleaguesearch.runs;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.settings.TestReset;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The batches under way, and which of them has which indexer. Any thread may take and claim: each is one step. */
@Component
class OpenBatches {
    private static final String STOPPING = "the application stops";

    /** Each with the loss of the lease that was the last one when it was taken. */
    private final Map<String, Lease.Lost> taken = new ConcurrentHashMap<>();

    private final Map<String, String> claims = new ConcurrentHashMap<>();
    private final Map<String, Batch> batches = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private volatile Lease.Lost lastLoss = new Lease.Lost("none", Instant.EPOCH);

    /**
     * Takes a batch, new or known, so that nobody else runs it at the same time.
     *
     * @return whether it was free
     */
    boolean take(String batchId) {
        return taken.putIfAbsent(batchId, lastLoss) == null;
    }

    /** Whether someone has taken a batch, and not released it yet. */
    boolean isTaken(String batchId) {
        return taken.containsKey(batchId);
    }

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
            batch.stop(STOPPING);
        }
        Lease.Lost loss = lastLoss;
        if (!taken.getOrDefault(batch.id(), loss).equals(loss)) {
            // What the ledger said of it was read before.
            batch.lose(loss.reason());
        }
        return batch;
    }

    /**
     * Claims some indexers for a batch, in one step: of a batch that ends meanwhile all are free, or none yet.
     *
     * @return by indexer, the id of the batch that has it: the one given, if the claim was successful
     */
    synchronized Map<String, String> claim(List<String> indexers, String batchId) {
        Map<String, String> claimed = new LinkedHashMap<>();
        indexers.forEach(indexer -> claimed.put(indexer, claim(indexer, batchId)));
        return claimed;
    }

    /** Frees a batch and what it has claimed; what another has is left alone. */
    synchronized void release(String batchId) {
        claims.values().removeIf(batchId::equals);
        batches.remove(batchId);
        taken.remove(batchId);
    }

    /** The batch of an id, if it is under way. */
    Optional<Batch> find(String batchId) {
        return Optional.ofNullable(batches.get(batchId));
    }

    /**
     * The batch of an id.
     *
     * @throws IllegalStateException when it is not under way
     */
    Batch get(String batchId) {
        return find(batchId).orElseThrow(() -> new IllegalStateException("batch " + batchId + " is not under way"));
    }

    Collection<Batch> all() {
        return List.copyOf(batches.values());
    }

    boolean isStopping() {
        return stopping;
    }

    @EventListener(TestReset.class)
    void forget() {
        batches.clear();
        claims.clear();
        taken.clear();
    }

    /** No new chunk begins once the application is asked to stop; those in flight go on. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        stopping = true;
        batches.values().forEach(batch -> batch.stop(STOPPING));
    }

    /** Told by the thread of the lease, before it may take the lease again. */
    @EventListener(Lease.Lost.class)
    void lose(Lease.Lost lost) {
        lastLoss = lost;
        batches.values().forEach(batch -> batch.lose(lost.reason()));
    }
}
