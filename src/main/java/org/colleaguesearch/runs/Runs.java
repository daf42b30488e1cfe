package org.colleaguesearch.runs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.colleaguesearch.delivery.CsvParts;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.delivery.ExportFiles;
import org.colleaguesearch.delivery.NotDeliverable;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkFailure;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.indexing.KeptSections;
import org.colleaguesearch.ledger.Checkpoints;
import org.colleaguesearch.ledger.Checkpoints.Delivered;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.ChunkLedger.DoneChunk;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.DatabaseFailures;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.HeldLedger;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.SectionLedger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.PeopleListException;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The events of a run, for routes: recorded in the ledger first, then in the run. Stateless: each run keeps its own,
 * thread-safe state.
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
    private final Checkpoints checkpoints;
    private final HeldLedger held;
    private final Guard guard;
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
            Checkpoints checkpoints,
            HeldLedger held,
            Guard guard,
            DatabaseWait database,
            Settings settings) {
        this.open = open;
        this.deliveries = deliveries;
        this.indexers = indexers;
        this.csv = csv;
        this.exports = exports;
        this.ledger = ledger;
        this.chunks = chunks;
        this.checkpoints = checkpoints;
        this.held = held;
        this.guard = guard;
        this.database = database;
        this.chunkAttempts = settings.indexing().chunkAttempts();
    }

    /** Starts the run of an indexer, or continues it after its finished chunks. */
    public Run start(Batch batch, String indexer) {
        Run run = batch.run(indexer);
        if (database.call(() -> isToStart(run))) {
            if (isExport(indexer)) {
                exports.begin(batch.id());
            }
            run.start(database.call(() -> ledger.counts(batch.id(), indexer)));
            if (!isExport(indexer) && deliveries.toCsv()) {
                csv.begin(indexer, batch.id());
            }
        } else {
            takeEnd(run);
        }
        return run;
    }

    private boolean isToStart(Run run) {
        Batch batch = run.batch();
        batch.checkOwned();
        String indexer = run.indexer();
        if (!run.isAgain() && !ledger.startRun(batch.id(), indexer, Instant.now())) {
            return false;
        }
        List<DoneChunk> written = chunks.done(batch.id(), indexer).stream()
                .filter(chunk -> chunk.rows() > 0 && deliveries.isWritten(indexer))
                .toList();
        Predicate<DoneChunk> hasPart = written.isEmpty() ? chunk -> true : hasPart(indexer, batch.id());
        for (DoneChunk chunk : written) {
            if (!hasPart.test(chunk)) {
                if (run.isRelease()) {
                    throw new PausedException("the part of chunk " + chunk.number()
                            + " is missing, so what is held cannot be released: run the indexer " + indexer + " again");
                }
                LOG.warn(
                        "run {}: repeating chunk {}: its part is missing, or the columns or CSV dialect changed",
                        indexer,
                        chunk.number());
                chunks.undo(batch.id(), indexer, chunk.number());
            }
        }
        return true;
    }

    private Predicate<DoneChunk> hasPart(String indexer, String batchId) {
        if (isExport(indexer)) {
            Set<Integer> existing = exports.chunksWithParts(batchId);
            return chunk -> existing.contains(chunk.number());
        }
        return csv.hasOtherColumns(indexer, batchId) ? chunk -> false : csv.withRows(indexer, batchId);
    }

    private static boolean isExport(String indexer) {
        return Indexer.EXPORT.equals(indexer);
    }

    /**
     * Records that a chunk is in flight.
     *
     * @return whether to call its URLs: false if it was in flight in too many crashes of the application
     */
    public boolean begin(Chunk chunk) {
        return chunk.isPartial()
                || chunk.isDryRun()
                || chunk.isTaken()
                || database.call(() -> chunks.begin(chunk)) <= chunkAttempts;
    }

    /**
     * Waits until this instance is certain to hold the lease of the ledger. Called before a batch is delivered or its
     * files are put into place, because another instance might otherwise do the same.
     *
     * @throws PausedException when the batch belongs to another instance, or the database is unavailable for too long
     */
    public void checkOwned(String batchId) {
        database.untilHeld();
        open.get(batchId).checkOwned();
    }

    /**
     * Checks that a chunk may be delivered: as {@link #checkOwned}, or, if this node has taken it, that no other has since.
     *
     * @throws PausedException otherwise
     */
    public void checkDeliverable(Chunk chunk) {
        if (chunk.isTaken()) {
            database.run(() -> chunks.check(chunk));
        } else {
            checkOwned(chunk.batchId());
        }
    }

    /** Quarantines a chunk: each of its URLs becomes an error, in order. */
    public ChunkOutcomes quarantine(Chunk chunk, List<String> urls) {
        LOG.error(
                "run {}: chunk {} is quarantined: it was in flight {} times when the application died",
                chunk.indexer(),
                chunk.number(),
                chunkAttempts);
        return ChunkOutcomes.failed(
                chunk,
                urls,
                "quarantined: its chunk was in flight " + chunkAttempts + " times when the application died");
    }

    /**
     * Writes the items of one URL of an export, so that memory need not hold them until the chunk is delivered. If that
     * fails, the run stops and its calls are aborted. The ledger is updated only when the chunk fails: this thread
     * holds memory that others wait for, and the database may be unavailable.
     *
     * @param index of the URL in its chunk
     * @return the content of the URL's outcome
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

    /**
     * Records a delivered chunk as done, together with its sections, so that a chunk that is repeated finds neither.
     *
     * @param kept what the sections were last time; null if that is unknown
     */
    public void checkpoint(ChunkOutcomes outcomes, KeptSections kept) {
        Chunk chunk = outcomes.chunk();
        Counts counts =
                Counts.of(outcomes, deliveries.isIndexed(chunk.indexer()), deliveries.isWritten(chunk.indexer()));
        SectionLedger.Delivery delivery = chunk.isExport() ? null : delivery(chunk, kept);
        List<SectionLedger.Written> written = chunk.isExport()
                ? List.of()
                : SectionLedger.written(outcomes.fetched(), kept == null ? KeptSections.NONE : kept);
        if (chunk.isTaken()) {
            // The keeper reads the counts of all nodes from the ledger.
            database.run(() -> checkpoints.doneByNode(new Delivered(outcomes, counts, delivery, written)));
            stopOnError(outcomes, reason -> failTaken(chunk, reason));
            return;
        }
        Batch batch = open.get(chunk.batchId());
        Run run = batch.run(chunk.indexer());
        if (chunk.isPartial()) {
            // Not repeated after a failure: the counts may or may not have been added.
            batch.checkOwned();
            Counts change = chunk.isRelease() ? counts.afterHold(rowsOfHeld(chunk)) : counts.afterFailure();
            checkpoints.again(new Delivered(outcomes, change, delivery, written));
            run.add(change);
        } else {
            database.run(() -> {
                batch.checkOwned();
                checkpoints.done(new Delivered(outcomes, counts, delivery, written));
            });
            run.add(counts);
        }
        stopOnError(outcomes, reason -> fail(run, State.FAILED, reason));
    }

    private void stopOnError(ChunkOutcomes outcomes, Consumer<String> fail) {
        String indexer = outcomes.chunk().indexer();
        if (!isExport(indexer) && indexers.get(indexer).stopOnFirstError()) {
            outcomes.failed()
                    .findFirst()
                    .map(first -> "stopped on the first error: " + first.call().url() + ": " + first.reason())
                    .ifPresent(fail);
        }
    }

    /** Fails the run of a chunk that this node has taken, and that no node can deliver. */
    void failTaken(Chunk taken, String reason) {
        boolean unused = database.call(() -> ledger.stopRun(taken, State.FAILED, reason, Instant.now()));
    }

    private long rowsOfHeld(Chunk chunk) {
        return deliveries.isWritten(chunk.indexer())
                ? held.ofChunk(chunk.batchId(), chunk.indexer(), chunk.number()).stream()
                        .mapToLong(HeldLedger.Held::items)
                        .sum()
                : 0;
    }

    private SectionLedger.Delivery delivery(Chunk chunk, KeptSections kept) {
        return new SectionLedger.Delivery(
                chunk.batchId(),
                chunk.indexer(),
                indexers.get(chunk.indexer()).definition(),
                Instant.now(),
                // Without it, the sections are sent to the index again next time.
                kept == null ? null : kept.index(),
                deliveries.toDatabase());
    }

    /** Ends a run whose chunks are done. It is completed unless it failed or was stopped before its last chunk. */
    public void end(Run run) {
        run.end();
        recordEnd(run);
    }

    /** Pauses or fails a run: no new chunk starts, those in flight finish. */
    public void fail(Run run, Exception failure) {
        if (DatabaseFailures.isNotWritable(failure)) {
            run.batch().noteCutOff();
        }
        noteFailure(run, failure);
        LOG.debug("run {} cannot continue", run.indexer(), failure);
        recordEnd(run);
    }

    /** A run whose list of people does not fit would meet the same one when it is resumed. */
    private static void noteFailure(Run run, Exception failure) {
        fail(run, isFinal(failure) ? State.FAILED : State.PAUSED, ApiFailures.reason(failure));
    }

    static boolean isFinal(Exception failure) {
        return failure instanceof NotDeliverable || failure instanceof PeopleListException;
    }

    /** Warns of the failed URLs of a run that has ended, with the reason that most of them have. */
    public void reportErrors(Run run) {
        long errors = run.counts().errors();
        if (errors == 0 || isExport(run.indexer())) {
            return;
        }
        String batchId = run.batch().id();
        database.call(() -> chunks.mostFrequentReason(batchId, run.indexer()))
                .ifPresent(most -> LOG.warn(
                        "run {}: {} of {} URLs failed, {} of them with: {}; for example {}; see {}",
                        run.indexer(),
                        errors,
                        run.counts().urls(),
                        most.urls(),
                        most.reason(),
                        most.example(),
                        deliveries.toCsv()
                                ? csv.errors(run.indexer(), batchId)
                                : "GET /api/runs/" + new RunId(batchId, run.indexer()) + "/errors"));
    }

    /**
     * Cancels a run, or the retry of one. Written to the ledger first, so that it stays cancelled after a crash. A
     * finished run stays as it is.
     *
     * @param by the name of the caller
     */
    void cancel(RunId id, String by) {
        String reason = CANCELLED + " by " + by;
        boolean isCancelled = ledger.cancelRun(id.batchId(), id.indexer(), reason, Instant.now());
        Optional<Run> current = open.find(id.batchId()).map(batch -> batch.run(id.indexer()));
        if (current.filter(run -> isCancelled || run.isAgainUnderWay()).isPresent()) {
            current.get().cancel(reason);
            LOG.info("run {} {}; waiting for its chunks in flight", id, reason);
        } else if (isCancelled) {
            csv.drop(id.indexer(), id.batchId());
            LOG.info("run {} {}", id, reason);
        }
    }

    /**
     * Records in the ledger how a run ended. One that was opened again stays completed there. A run that is final in the ledger
     * keeps its state: someone may have cancelled it meanwhile.
     */
    private void recordEnd(Run run) {
        if (run.batch().isHandedOver() && !run.state().isFinal()) {
            return;
        }
        try {
            database.run(() -> {
                if (run.isAgain()) {
                    held.settle(run.batch().id(), run.indexer());
                } else {
                    endInLedger(run);
                }
            });
        } catch (RuntimeException e) {
            run.batch().noteCutOff();
            // Unfinished in the ledger: the instance with the lease resumes it when the database is available again.
            run.fail(State.PAUSED, ApiFailures.reason(e));
            LOG.debug("run {}: could not record in the ledger that it is {}", run.indexer(), run.state(), e);
        }
    }

    private void endInLedger(Run run) {
        run.batch().checkOwned();
        if (run.state().isCompleted() && !isExport(run.indexer())) {
            guard.rejectOlder(run);
        }
        if (!ledger.endRun(run.batch().id(), run.indexer(), run.state(), run.failure(), Instant.now())) {
            takeEnd(run);
        }
    }

    /** Gives a run the final state that it has in the ledger. */
    private void takeEnd(Run run) {
        State kept = ledger.run(run.batch().id(), run.indexer()).orElseThrow().state();
        if (kept == State.CANCELLED && run.state() != kept) {
            run.cancel(CANCELLED);
        } else if (kept != run.state()) {
            run.fail(kept, "the run was already finished");
        }
    }

    private static void fail(Run run, State as, String reason) {
        if (run.fail(as, reason)) {
            LOG.error("{}", run.summary());
        }
    }
}
