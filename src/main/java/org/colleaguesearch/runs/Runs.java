package org.colleaguesearch.runs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.colleaguesearch.delivery.CsvParts;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.delivery.ExportFiles;
import org.colleaguesearch.delivery.NotDeliverable;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkFailure;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.ChunkLedger.DoneChunk;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.DatabaseFailures;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What happens to a run, for routes to tell: written to the ledger first, then to the run itself. Stateless: a run keeps
 * its own state, safe for the threads of its chunks.
 */
@Component("runs")
public class Runs {
    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
    private static final String CANCELLED = "cancelled";

    private final OpenBatches open;
    private final Deliveries deliveries;
    private final Indexers indexers;
    private final CsvParts csv;
    private final ExportFiles exports;
    private final Ledger ledger;
    private final ChunkLedger chunks;
    private final DatabaseWait database;
    private final int chunkAttempts;

    Runs(
            OpenBatches open,
            Deliveries deliveries,
            Indexers indexers,
            CsvParts csv,
            ExportFiles exports,
            Ledger ledger,
            ChunkLedger chunks,
            DatabaseWait database,
            Settings settings) {
        this.open = open;
        this.deliveries = deliveries;
        this.indexers = indexers;
        this.csv = csv;
        this.exports = exports;
        this.ledger = ledger;
        this.chunks = chunks;
        this.database = database;
        this.chunkAttempts = settings.indexing().chunkAttempts();
    }

    /** Starts the batch's run of an indexer, or continues it after the chunks that are done. */
    public Run start(Batch batch, String indexer) {
        Run run = batch.run(indexer);
        if (database.call(() -> isToStart(run))) {
            if (isExport(indexer)) {
                exports.begin(batch.id());
            }
            run.start(database.call(() -> ledger.counts(batch.id(), indexer)));
        } else {
            // Before it began here.
            takeEnd(run);
        }
        return run;
    }

    private boolean isToStart(Run run) {
        Batch batch = run.batch();
        batch.checkOwned();
        String indexer = run.indexer();
        if (!run.isRetry() && !ledger.startRun(batch.id(), indexer, Instant.now())) {
            return false;
        }
        boolean hasOtherColumns = !isExport(indexer) && csv.hasOtherColumns(indexer, batch.id());
        for (DoneChunk chunk : chunks.done(batch.id(), indexer)) {
            if (chunk.rows() > 0
                    && deliveries.isWritten(indexer)
                    && (hasOtherColumns || !hasPart(indexer, batch.id(), chunk.number()))) {
                LOG.warn(
                        "run {}: the part of chunk {} is gone, or its columns or CSV dialect were edited: doing it again",
                        indexer,
                        chunk.number());
                chunks.undo(batch.id(), indexer, chunk.number());
            }
        }
        return true;
    }

    private boolean hasPart(String indexer, String batchId, int chunk) {
        return isExport(indexer) ? exports.hasPart(batchId, chunk) : csv.hasRows(indexer, batchId, chunk);
    }

    private static boolean isExport(String indexer) {
        return Indexer.EXPORT.equals(indexer);
    }

    /**
     * Notes that a chunk is under way.
     *
     * @return whether its URLs are to be called: not when it was under way too often when the application died
     */
    public boolean begin(Chunk chunk) {
        return chunk.isRetry() || chunk.isDryRun() || database.call(() -> chunks.begin(chunk)) <= chunkAttempts;
    }

    /**
     * Waits until it is certain that this instance still has the lease of the ledger, before something of a batch is
     * delivered or put into place: else another instance may be doing the same.
     *
     * @throws PausedException when the batch belongs to another instance by now, or nobody can tell for too long
     */
    public void checkOwned(String batchId) {
        database.untilHeld();
        open.get(batchId).checkOwned();
    }

    /** The outcomes of a chunk that is not to be called any more: an error for each of its URLs, in order. */
    public ChunkOutcomes quarantine(Chunk chunk, List<String> urls) {
        LOG.error(
                "run {}: chunk {} is quarantined, since it was under way {} times when the application died",
                chunk.indexer(),
                chunk.number(),
                chunkAttempts);
        return ChunkOutcomes.failed(
                chunk,
                urls,
                "quarantined: its chunk was under way " + chunkAttempts + " times when the application died");
    }

    /**
     * Writes the items of a URL of an export, so that memory need not hold them until its chunk is delivered. When they
     * cannot be written, the run goes no further, and its calls end; the ledger is told when the chunk fails, since who
     * writes items holds memory that others wait for, and the database may be unavailable.
     *
     * @param index of the URL in its chunk
     * @return what the outcome of the URL is made of
     */
    public Object writeItems(Chunk chunk, JsonNode items, int index) {
        try {
            return exports.writeItems(chunk, items, index);
        } catch (IOException | NotDeliverable e) {
            Run run = open.get(chunk.batchId()).run(chunk.indexer());
            noteFailure(run, e);
            run.calls().drop();
            throw new ChunkFailure(e);
        }
    }

    /** Ticks a delivered chunk off. */
    public void checkpoint(ChunkOutcomes outcomes) {
        Chunk chunk = outcomes.chunk();
        Batch batch = open.get(chunk.batchId());
        Run run = batch.run(chunk.indexer());
        Counts counts =
                Counts.of(outcomes, deliveries.isIndexed(chunk.indexer()), deliveries.isWritten(chunk.indexer()));
        if (chunk.isRetry()) {
            // Not repeated when it fails: nobody knows then whether its counts are added.
            batch.checkOwned();
            chunks.retried(outcomes, counts.afterFailure(), Instant.now());
            run.add(counts.afterFailure());
        } else {
            database.run(() -> {
                batch.checkOwned();
                chunks.end(outcomes, counts, Instant.now());
            });
            run.add(counts);
        }
        if (counts.errors() > 0
                && !isExport(chunk.indexer())
                && indexers.get(chunk.indexer()).stopOnFirstError()) {
            Failed first = outcomes.failed().findFirst().orElseThrow();
            fail(
                    run,
                    State.FAILED,
                    "stopped on the first error: " + first.call().url() + ": " + first.reason());
        }
    }

    /** Ends a run whose chunks are done. It is completed unless it failed, or was told to stop before its last chunk. */
    public void end(Run run) {
        run.end();
        keep(run);
    }

    /** Notes that a run cannot go on, for now or at all: no new chunk begins, those in flight end. */
    public void fail(Run run, Exception failure) {
        if (DatabaseFailures.isNotWritable(failure)) {
            run.batch().noteCutOff();
        }
        noteFailure(run, failure);
        LOG.debug("run {} cannot go on", run.indexer(), failure);
        keep(run);
    }

    private static void noteFailure(Run run, Exception failure) {
        fail(run, failure instanceof NotDeliverable ? State.FAILED : State.PAUSED, ApiFailures.reason(failure));
    }

    /**
     * Cancels a run, or the retry of one. The ledger is told first, so that no crash brings it back; one that it has as
     * ended stays as it is.
     *
     * @param by who wants it so
     */
    void cancel(RunId id, String by) {
        String why = CANCELLED + " by " + by;
        boolean isCancelled = ledger.cancelRun(id.batchId(), id.indexer(), why, Instant.now());
        Optional<Run> underWay = open.find(id.batchId()).map(batch -> batch.run(id.indexer()));
        if (underWay.filter(run -> isCancelled || run.isRetryUnderWay()).isPresent()) {
            underWay.get().cancel(why);
            LOG.info("run {} is {}; its chunks in flight end", id, why);
        } else if (isCancelled) {
            csv.drop(id.indexer(), id.batchId());
            LOG.info("run {} is {}", id, why);
        }
    }

    /**
     * Tells the ledger how a run ended. There, a run whose failed URLs are called again stays completed, and one that has
     * ended stays as it is: cancelled, if someone cancelled it meanwhile.
     */
    private void keep(Run run) {
        if (run.isRetry()) {
            return;
        }
        try {
            database.run(() -> endInLedger(run));
        } catch (RuntimeException e) {
            run.batch().noteCutOff();
            // It is unfinished in the ledger: whoever has the lease continues it when the database is available.
            run.fail(State.PAUSED, ApiFailures.reason(e));
            LOG.debug("run {}: the ledger could not be told that it is {}", run.indexer(), run.state(), e);
        }
    }

    private void endInLedger(Run run) {
        run.batch().checkOwned();
        if (!ledger.endRun(run.batch().id(), run.indexer(), run.state(), run.failure(), Instant.now())) {
            takeEnd(run);
        }
    }

    /** Lets a run be what the ledger has it as: it has ended there, cancelled or otherwise. */
    private void takeEnd(Run run) {
        State kept = ledger.run(run.batch().id(), run.indexer()).orElseThrow().state();
        if (kept == State.CANCELLED && run.state() != kept) {
            run.cancel(CANCELLED);
        } else if (kept != run.state()) {
            run.fail(kept, "the run had already ended");
        }
    }

    private static void fail(Run run, State as, String why) {
        if (run.fail(as, why)) {
            LOG.error("{}", run.summary());
        }
    }
}
