package org.colleaguesearch.runs;

import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.colleaguesearch.cluster.Queues;
import org.colleaguesearch.cluster.ThisNode;
import org.colleaguesearch.delivery.CsvParts;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.ChunkTaken;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.source.ApiFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The chunks that the nodes of a cluster take from queues. The keeper sends a message for each; a node takes the chunk in the
 * ledger before it works on it, so that a message that comes twice does no harm, and one that is lost can be sent again.
 * Thread-safe: its shared state is a concurrent set of claims and a reason for the log.
 */
@Component("queuedChunks")
class QueuedChunks {
    private static final Logger LOG = LoggerFactory.getLogger(QueuedChunks.class);

    private final ChunkLedger ledger;
    private final Ledger batches;
    private final Queues queues;
    private final VisitedBatches visited;
    private final OpenBatches open;
    private final Runs runs;
    private final Indexers indexers;
    private final ThisNode node;
    private final Deliveries deliveries;
    private final CsvParts csv;
    private final DatabaseWait database;

    /** The claims of the chunks that this node works on. */
    private final Set<Long> inFlight = ConcurrentHashMap.newKeySet();
    /** Why the last chunk went back to the queue. */
    private final AtomicReference<String> lastReason = new AtomicReference<>("");
    /** Claims that the ledger has, and this node has not. Only for the node's thread. */
    private Set<Long> forgotten = Set.of();

    QueuedChunks(
            ChunkLedger ledger,
            Ledger batches,
            Queues queues,
            VisitedBatches visited,
            OpenBatches open,
            Runs runs,
            Indexers indexers,
            ThisNode node,
            Deliveries deliveries,
            CsvParts csv,
            DatabaseWait database) {
        this.deliveries = deliveries;
        this.csv = csv;
        this.ledger = ledger;
        this.batches = batches;
        this.queues = queues;
        this.visited = visited;
        this.open = open;
        this.runs = runs;
        this.indexers = indexers;
        this.node = node;
        this.database = database;
    }

    /**
     * The rounds in which the chunks of a run are begun, with the routes of an edition. Nodes with other routes do not work on
     * it, even if they have begun to when the run was another keeper's.
     */
    public Rounds rounds(Run run, String edition) {
        boolean isQueued = isQueued(run);
        if (isQueued) {
            database.run(() -> ledger.beginEdition(run.batch().id(), run.indexer(), edition));
            queues.dropOthers(run.indexer(), edition);
        }
        return new Rounds(run, isQueued, edition, batches, ledger, queues, database);
    }

    /** The nodes share what takes long: the calls for each person, but not the few of a retry. */
    private boolean isQueued(Run run) {
        return node.isInCluster()
                && !run.isAgain()
                && !Indexer.EXPORT.equals(run.indexer())
                && indexers.get(run.indexer()).source().feed() == null;
    }

    /** The chunks of a run that are not done and that no node has, without their people, for the queue, until it stops. */
    public Iterator<Chunk> of(Run run) {
        String batchId = run.batch().id();
        return database.call(() -> ledger.unclaimed(batchId, run.indexer(), run.chunks())).stream()
                .takeWhile(number -> !run.isStopping())
                .map(number -> new Chunk(batchId, run.indexer(), number, List.of()))
                .iterator();
    }

    /**
     * Takes a chunk from the queue for this node. {@link #release} must follow.
     *
     * @param edition of the routes that the chunk is for
     * @param isReturned whether the broker has given it out before
     * @param routes that take it
     * @return null if there is nothing to do: the chunk is done, another node has it, or its run is not under way
     * @throws PausedException if this node cannot work on it: the application is stopping, or its columns are others
     * @throws Exception as {@link #failed}
     */
    public Chunk take(Map<String, Object> message, String edition, Boolean isReturned, CamelContext routes)
            throws Exception {
        if (open.isStopping()) {
            pause();
            throw new PausedException("the application is stopping");
        }
        Chunk named = Queues.chunk(message);
        long claim = database.call(ledger::nextClaim);
        inFlight.add(claim);
        boolean isTaken = false;
        Chunk taken = null;
        try {
            isTaken = database.call(() -> ledger.take(
                    named, edition, node.id(), claim, Boolean.TRUE.equals(isReturned), Chunks.SUSPECT_AFTER - 1));
            taken = isTaken ? taken(named, claim, routes) : null;
            return taken;
        } catch (PausedException e) {
            giveBack(named.with(claim, List.of()), e);
            throw e;
        } catch (RuntimeException e) {
            if (isTaken) {
                failed(named.with(claim, List.of()), e);
                return null;
            }
            giveBack(named.with(claim, List.of()), e);
            throw e;
        } finally {
            if (taken == null) {
                inFlight.remove(claim);
            }
        }
    }

    /** It does not count that this node cannot work on it: others may. */
    private void giveBack(Chunk chunk, RuntimeException why) {
        try {
            ledger.giveBack(chunk);
        } catch (RuntimeException e) {
            // It is freed later.
            LOG.debug("cannot give back chunk {} of run {}", chunk.number(), chunk.indexer(), e);
        }
        goesBack(chunk, ApiFailures.reason(why));
    }

    /** Rows of other columns would not fit those of the other chunks. The keeper has the columns that its run began with. */
    private void checkColumns(Chunk chunk) {
        if (deliveries.toCsv() && csv.hasOtherColumns(chunk.indexer(), chunk.batchId())) {
            throw new PausedException("the columns of indexer " + chunk.indexer()
                    + " or the CSV dialect on this node are not those that the run began with");
        }
    }

    private Chunk taken(Chunk named, long claim, CamelContext routes) {
        Run run = visited.visit(named, routes);
        checkColumns(named);
        return named.with(claim, database.call(() -> run.peopleOf(named.number())));
    }

    /** The run of a taken chunk, for its calls: they end with it. */
    public Run run(Chunk taken) {
        return visited.run(taken);
    }

    /** Called when a taken chunk has ended here, one way or another. */
    public void release(Chunk taken) {
        inFlight.remove(taken.claim());
    }

    /**
     * Frees chunks that this node has according to the ledger, but not in fact, since something failed in between. Only those
     * that it did not have at the last look either: a chunk may just have been recorded as done.
     */
    @EventListener(ThisNode.Beat.class)
    void freeForgotten() {
        Set<Long> now = new HashSet<>(ledger.claims(node.id()));
        now.removeAll(inFlight);
        now.stream().filter(forgotten::contains).forEach(claim -> ledger.free(node.id(), claim));
        forgotten = now;
    }

    /**
     * Pauses or fails the run of a chunk that this node has taken and cannot deliver, unless that concerns this node alone.
     *
     * @throws Exception the failure, if another node can deliver the chunk: the message then returns to the queue
     */
    public void failed(Chunk chunk, Exception failure) throws Exception {
        LOG.debug("chunk {} of run {} cannot be delivered here", chunk.number(), chunk.indexer(), failure);
        if (failure instanceof ChunkTaken) {
            LOG.info("{}", failure.getMessage());
            return;
        }
        String reason = ApiFailures.reason(failure);
        boolean isOver;
        if (Runs.isFinal(failure)) {
            runs.failTaken(chunk, reason);
            isOver = true;
        } else {
            isOver = !open.isStopping()
                    && database.call(() -> batches.pauseIfStuck(chunk, node.id(), reason, Instant.now()));
        }
        database.run(() -> ledger.giveBack(chunk));
        if (!isOver) {
            goesBack(chunk, reason);
            throw failure;
        }
        LOG.error("run {} cannot continue: {}", chunk.indexer(), reason);
    }

    /** Logs each reason once in a row: many chunks can have the same. */
    private void goesBack(Chunk chunk, String reason) {
        // All chunks in flight do when the node stops.
        boolean isNews = !open.isStopping() && !reason.equals(lastReason.getAndSet(reason));
        LOG.atLevel(isNews ? Level.WARN : Level.DEBUG)
                .log("chunk {} of run {} goes back to the queue: {}", chunk.number(), chunk.indexer(), reason);
        pause();
    }

    /** Before a message returns to the queue: the broker may give it to the same node again at once. */
    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
