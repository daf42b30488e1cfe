package org.colleaguesearch.runs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.colleaguesearch.cluster.ThisNode;
import org.colleaguesearch.delivery.CurrentIndex;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.PeopleTable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The batches whose chunks this node works on: its own, if it runs them, and those of the keeper of the cluster, as the
 * ledger has them. Thread-safe: a visited batch is replaced as a whole.
 */
@Component
class VisitedBatches {
    private final OpenBatches open;
    private final Ledger ledger;
    private final PeopleTable people;
    private final Deliveries deliveries;
    private final CurrentIndex index;
    private final DatabaseWait database;
    private final Map<String, Batch> visited = new ConcurrentHashMap<>();

    VisitedBatches(
            OpenBatches open,
            Ledger ledger,
            PeopleTable people,
            Deliveries deliveries,
            CurrentIndex index,
            DatabaseWait database) {
        this.database = database;
        this.open = open;
        this.ledger = ledger;
        this.people = people;
        this.deliveries = deliveries;
        this.index = index;
    }

    /** The run of a chunk that this node works on. */
    Run run(Chunk chunk) {
        return find(chunk.batchId())
                .orElseThrow(() ->
                        new IllegalStateException("batch " + chunk.batchId() + " is not in progress on this node"))
                .run(chunk.indexer());
    }

    Optional<Batch> find(String batchId) {
        return open.find(batchId).or(() -> Optional.ofNullable(visited.get(batchId)));
    }

    /** Makes the run of a taken chunk known. Reads it again if it was interrupted before. */
    void visit(Chunk chunk) {
        boolean isKnown = find(chunk.batchId())
                .map(batch -> batch.run(chunk.indexer()))
                .filter(run -> !run.isStopping())
                .isPresent();
        if (!isKnown && open.find(chunk.batchId()).isEmpty()) {
            BatchEntry entry =
                    database.call(() -> ledger.batch(chunk.batchId())).orElseThrow();
            visited.put(entry.id(), load(entry));
        }
    }

    private Batch load(BatchEntry entry) {
        int size = entry.people() == null ? 0 : entry.people();
        Batch batch = Batch.of(
                entry.id(),
                people.list(entry.id(), size),
                database.call(() -> ledger.uncounted(entry.id())),
                entry.isFull());
        batch.endListing();
        String uuid = deliveries.toOpenSearch() ? index.uuid().orElse(null) : null;
        for (Run run : batch.pending()) {
            run.start(run.counts());
            run.deliverTo(deliveries.isIndexed(run.indexer()) ? uuid : null);
        }
        return batch;
    }

    /** Stops the work on runs that the keeper has ended, or someone has cancelled, and forgets batches without any. */
    @EventListener(ThisNode.Beat.class)
    void refresh() {
        for (Batch batch : List.copyOf(visited.values())) {
            List<RunEntry> now = ledger.uncounted(batch.id());
            now.forEach(entry -> follow(batch.run(entry.indexer()), entry));
            if (now.stream().noneMatch(entry -> entry.state() == State.RUNNING)) {
                visited.remove(batch.id(), batch);
            }
        }
    }

    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        visited.values().forEach(batch -> batch.stop("the application is stopping"));
    }

    private static void follow(Run run, RunEntry entry) {
        if (run.isStopping() || entry.state() == State.RUNNING || entry.state() == State.NOT_STARTED) {
            return;
        }
        if (entry.state() == State.CANCELLED) {
            run.cancel(entry.error());
        } else {
            run.fail(entry.state(), entry.error());
        }
    }
}
