package org.colleaguesearch.runs;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.TestReset;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The batches in progress and the indexers each has claimed. Thread-safe: taking and claiming are atomic. */
@Component
class OpenBatches {
    private static final String STOPPING = "the application is stopping";

    /** By batch, the latest loss of the lease at the time the batch was taken. */
    private final Map<String, Lease.Lost> taken = new ConcurrentHashMap<>();

    private final Map<String, String> claims = new ConcurrentHashMap<>();
    private final Map<String, Batch> batches = new ConcurrentHashMap<>();
    private final boolean isInCluster;
    private volatile boolean stopping;
    private volatile Lease.Lost lastLoss = new Lease.Lost("none", Instant.EPOCH);

    OpenBatches(Settings settings) {
        this.isInCluster = settings.cluster().isOn();
    }

    /**
     * Takes a batch, new or known, so that no other thread runs it at the same time.
     *
     * @return whether it was free
     */
    boolean take(String batchId) {
        return taken.putIfAbsent(batchId, lastLoss) == null;
    }

    /** Whether a batch is taken and not yet released. */
    boolean isTaken(String batchId) {
        return taken.containsKey(batchId);
    }

    /**
     * Claims an indexer for a batch.
     *
     * @return the id of the batch that holds it: the given one if the claim succeeded
     */
    String claim(String indexer, String batchId) {
        String other = claims.putIfAbsent(indexer, batchId);
        return other == null ? batchId : other;
    }

    /** Publishes a batch whose indexers are claimed. */
    Batch add(Batch batch) {
        batches.put(batch.id(), batch);
        if (stopping) {
            // The stop may have come before the batch was published.
            stop(batch);
        }
        Lease.Lost loss = lastLoss;
        if (!taken.getOrDefault(batch.id(), loss).equals(loss)) {
            // The batch was read from the ledger before the lease was lost.
            batch.lose(loss.reason());
        }
        return batch;
    }

    /**
     * Claims several indexers for a batch atomically: a batch that closes meanwhile frees all of its indexers or none.
     *
     * @return by indexer, the id of the batch that holds it: the given one if the claim succeeded
     */
    synchronized Map<String, String> claim(List<String> indexers, String batchId) {
        Map<String, String> claimed = new LinkedHashMap<>();
        indexers.forEach(indexer -> claimed.put(indexer, claim(indexer, batchId)));
        return claimed;
    }

    /** Frees a batch and its claims, but no claims of other batches. */
    synchronized void release(String batchId) {
        claims.values().removeIf(batchId::equals);
        batches.remove(batchId);
        taken.remove(batchId);
    }

    /** Finds a batch in progress. */
    Optional<Batch> find(String batchId) {
        return Optional.ofNullable(batches.get(batchId));
    }

    /**
     * Returns a batch in progress.
     *
     * @throws IllegalStateException when it is not in progress
     */
    Batch get(String batchId) {
        return find(batchId).orElseThrow(() -> new IllegalStateException("batch " + batchId + " is not in progress"));
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

    private void stop(Batch batch) {
        if (isInCluster) {
            batch.handOver(STOPPING);
        } else {
            batch.stop(STOPPING);
        }
    }

    /** Once the application is asked to stop, no new chunk starts; chunks in flight finish. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        stopping = true;
        batches.values().forEach(this::stop);
    }

    /** Called by the lease thread, before it can take the lease again. */
    @EventListener(Lease.Lost.class)
    void lose(Lease.Lost lost) {
        lastLoss = lost;
        batches.values().forEach(batch -> batch.lose(lost.reason()));
    }
}
