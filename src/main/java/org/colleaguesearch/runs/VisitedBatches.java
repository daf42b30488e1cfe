package org.colleaguesearch.runs;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.colleaguesearch.cluster.ThisNode;
import org.colleaguesearch.delivery.CurrentIndex;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Indexers;
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
 * ledger has them: one for each run. Thread-safe: each is replaced as a whole.
 */
@Component
class VisitedBatches {
    private final OpenBatches open;
    private final Ledger ledger;
    private final PeopleTable people;
    private final Indexers indexers;
    private final Deliveries deliveries;
    private final CurrentIndex index;
    private final DatabaseWait database;
    private final Map<String, Visit> visited = new ConcurrentHashMap<>();

    /** @param routes that this node works on the run of the batch with */
    private record Visit(Batch batch, CamelContext routes) {}

    VisitedBatches(
            OpenBatches open,
            Ledger ledger,
            PeopleTable people,
            Indexers indexers,
            Deliveries deliveries,
            CurrentIndex index,
            DatabaseWait database) {
        this.indexers = indexers;
        this.database = database;
        this.open = open;
        this.ledger = ledger;
        this.people = people;
        this.deliveries = deliveries;
        this.index = index;
    }

    /**
     * The run of a chunk that this node works on.
     *
     * @throws PausedException if the run has ended meanwhile
     */
    Run run(Chunk chunk) {
        return find(chunk)
                .orElseThrow(() -> new PausedException("run " + chunk.indexer() + " of batch " + chunk.batchId()
                        + " is not in progress on this node"));
    }

    /** The run of a chunk, if this node works on it. */
    Optional<Run> find(Chunk chunk) {
        return open.find(chunk.batchId())
                .or(() -> Optional.ofNullable(visited.get(id(chunk))).map(Visit::batch))
                .map(batch -> batch.run(chunk.indexer()));
    }

    private static String id(Chunk chunk) {
        return chunk.batchId() + " " + chunk.indexer();
    }

    /** The run of a taken chunk, which is read from the ledger when this node begins to work on it with these routes. */
    Run visit(Chunk chunk, CamelContext routes) {
        Optional<Batch> own = open.find(chunk.batchId());
        if (own.isPresent()) {
            return own.get().run(chunk.indexer());
        }
        Visit known = visited.get(id(chunk));
        if (known != null
                && known.routes().equals(routes)
                && !known.batch().run(chunk.indexer()).isStopping()) {
            return known.batch().run(chunk.indexer());
        }
        BatchEntry entry = database.call(() -> ledger.batch(chunk.batchId())).orElseThrow();
        int size = entry.people() == null ? 0 : entry.people();
        indexers.hold(chunk.indexer(), routes);
        Batch batch = Batch.of(
                entry.id(),
                people.list(entry.id(), size),
                database.call(() -> ledger.uncounted(entry.id())),
                entry.isFull());
        batch.endListing();
        Run run = batch.run(chunk.indexer());
        run.start(run.counts());
        run.deliverTo(deliveries.isIndexed(run.indexer()) ? index.uuid().orElse(null) : null);
        visited.put(id(chunk), new Visit(batch, routes));
        return run;
    }

    /** Stops the work on runs that the keeper has ended, or someone has cancelled, and forgets them. */
    @EventListener(ThisNode.Beat.class)
    void refresh() {
        Map.copyOf(visited).forEach((id, visit) -> {
            Batch batch = visit.batch();
            String indexer = id.substring(id.indexOf(' ') + 1);
            Optional<RunEntry> now = ledger.uncounted(batch.id()).stream()
                    .filter(entry -> entry.indexer().equals(indexer))
                    .findFirst();
            now.ifPresent(entry -> follow(batch.run(indexer), entry));
            if (now.filter(entry -> entry.state() == State.RUNNING).isEmpty()) {
                visited.remove(id, visit);
                free(indexer);
            }
        });
    }

    /** Forgets the indexer of the routes that took its chunks, unless another run of it has begun. */
    private void free(String indexer) {
        boolean isVisited = visited.keySet().stream().anyMatch(id -> id.endsWith(" " + indexer));
        boolean isOpen = open.all().stream()
                .flatMap(batch -> batch.runs().stream())
                .anyMatch(run -> run.indexer().equals(indexer));
        if (!isVisited && !isOpen) {
            indexers.free(indexer);
        }
    }

    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        visited.values().forEach(visit -> visit.batch().stop("the application is stopping"));
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
