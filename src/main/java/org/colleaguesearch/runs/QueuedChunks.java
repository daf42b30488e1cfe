package org.colleaguesearch.runs;

import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.cluster.Queues;
import org.colleaguesearch.cluster.ThisNode;
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
import org.springframework.stereotype.Component;

/**
 * The chunks that the nodes of a cluster take from queues. The keeper sends a message for each; a node takes the chunk in the
 * ledger before it works on it, so that a message that comes twice does no harm, and one that is lost can be sent again.
 * Stateless.
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
    private final DatabaseWait database;

    QueuedChunks(
            ChunkLedger ledger,
            Ledger batches,
            Queues queues,
            VisitedBatches visited,
            OpenBatches open,
            Runs runs,
            Indexers indexers,
            ThisNode node,
            DatabaseWait database) {
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

    /** The rounds in which the chunks of a run are begun. */
    public Rounds rounds(Run run) {
        return new Rounds(run, isQueued(run), batches, ledger, queues, database);
    }

    /** The nodes share what takes long: the calls for each person, but not the few of a retry. */
    private boolean isQueued(Run run) {
        return node.isInCluster()
                && !run.isAgain()
                && !Indexer.EXPORT.equals(run.indexer())
                && indexers.get(run.indexer()).source().feed() == null;
    }

    /** The chunks of a run that are not done and that no node has, without their people, for the queue. */
    public Iterator<Chunk> of(Run run) {
        String batchId = run.batch().id();
        return database.call(() -> ledger.unclaimed(batchId, run.indexer(), run.chunks())).stream()
                .map(number -> new Chunk(batchId, run.indexer(), number, List.of()))
                .iterator();
    }

    /**
     * Takes a chunk from the queue for this node.
     *
     * @param isReturned whether the broker has given it out before
     * @return null if there is nothing to do: the chunk is done, another node has it, or its run is not under way
     * @throws PausedException if the application is stopping
     */
    public Chunk take(Map<String, Object> message, Boolean isReturned) {
        if (open.isStopping()) {
            throw new PausedException("the application is stopping");
        }
        Chunk named = Queues.chunk(message);
        return database.call(
                        () -> ledger.take(named, node.id(), Boolean.TRUE.equals(isReturned), Chunks.SUSPECT_AFTER - 1))
                .map(claim -> taken(named, claim))
                .orElse(null);
    }

    private Chunk taken(Chunk named, long claim) {
        visited.visit(named);
        Run run = visited.run(named);
        return new Chunk(
                named.batchId(),
                named.indexer(),
                named.number(),
                database.call(() -> run.peopleOf(named.number())),
                Chunk.Part.ALL,
                claim);
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
        boolean isOver = !(failure instanceof PausedException)
                ? runs.stopTaken(chunk, failure)
                : !open.isStopping() && batches.pauseIfStuck(chunk, ApiFailures.reason(failure), Instant.now());
        ledger.giveBack(chunk);
        if (!isOver) {
            LOG.warn(
                    "chunk {} of run {} goes back to the queue: {}",
                    chunk.number(),
                    chunk.indexer(),
                    ApiFailures.reason(failure));
            throw failure;
        }
        LOG.error("run {} cannot continue: {}", chunk.indexer(), ApiFailures.reason(failure));
    }
}
