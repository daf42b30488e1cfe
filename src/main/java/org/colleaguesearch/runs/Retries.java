package org.colleaguesearch.runs;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.delivery.CsvParts;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.HeldLedger;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.PeopleTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Reopens a finished batch to retry its failed URLs, or those of one run, or to release what a run holds. The failed URLs of
 * a bulk feed are left out, since its items are gone. Stateless.
 */
@Component("retries")
class Retries {
    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

    private final OpenBatches open;
    private final Ledger ledger;
    private final PeopleTable people;
    private final Indexers indexers;
    private final CsvParts csv;
    private final ChunkLedger chunks;
    private final HeldLedger held;
    private final Guard guard;
    private final DatabaseWait database;

    Retries(
            OpenBatches open,
            Ledger ledger,
            PeopleTable people,
            Indexers indexers,
            CsvParts csv,
            ChunkLedger chunks,
            HeldLedger held,
            Guard guard,
            DatabaseWait database) {
        this.open = open;
        this.ledger = ledger;
        this.people = people;
        this.indexers = indexers;
        this.csv = csv;
        this.chunks = chunks;
        this.held = held;
        this.guard = guard;
        this.database = database;
    }

    /**
     * Reopens a completed batch; the runs with failed URLs are pending.
     *
     * @throws NotRetriable when the batch is unknown or not completed, only has failed URLs of bulk feeds, or one of its
     *     indexers is gone or runs in another batch
     */
    public Batch open(String batchId) {
        BatchEntry entry = ledger.batch(batchId)
                .orElseThrow(() -> new NotRetriable("unknown batch " + batchId + ": not in the ledger"));
        if (entry.state() != State.COMPLETED) {
            throw new NotRetriable("batch " + batchId + " is " + entry.state()
                    + ": only the failed URLs of a completed batch can be retried");
        }
        Batch batch = open(entry, run -> true, Run.Kind.RETRY);
        LOG.info(
                "batch {} reopened to retry {} failed URLs",
                batchId,
                batch.pending().stream().mapToLong(run -> run.counts().errors()).sum());
        return batch;
    }

    /**
     * Reopens the batch of a completed run; that run is pending.
     *
     * @throws NotRetriable when the run is not completed, its batch has not finished, or its indexer reads a bulk feed, is
     *     gone or runs in another batch
     */
    Batch openRun(RunId id) {
        BatchEntry entry = ledger.batch(id.batchId()).orElseThrow();
        RunEntry run = ledger.run(id.batchId(), id.indexer()).orElseThrow();
        if (!run.state().isCompleted()) {
            throw new NotRetriable(
                    "run " + id + " is " + run.state() + ": only the failed URLs of a completed run can be retried");
        }
        checkEnded(entry);
        Batch batch = open(entry, each -> each.indexer().equals(id.indexer()), Run.Kind.RETRY);
        LOG.info("run {} reopened to retry {} failed URLs", id, run.counts().errors());
        return batch;
    }

    /**
     * Reopens the batch of a run that holds outcomes; that run is pending.
     *
     * @throws NotRetriable when the run holds nothing, its batch has not finished, or its indexer has a newer run
     */
    Batch openHeld(RunId id) {
        checkHeld(id);
        BatchEntry entry = ledger.batch(id.batchId()).orElseThrow();
        checkEnded(entry);
        Batch batch = open(entry, each -> each.indexer().equals(id.indexer()), Run.Kind.RELEASE);
        LOG.info("run {} reopened to release {} held outcomes", id, batch.held());
        return batch;
    }

    /**
     * Reopens a batch to remove the people whose removal is held. No run is pending, but none of its indexers can run
     * meanwhile: it might add these people again.
     *
     * @throws NotRetriable when no removal is held, the batch has not finished, or a newer one decides
     */
    Batch openRemoval(RunId id) {
        checkHeldRemoval(id);
        BatchEntry entry = ledger.batch(id.batchId()).orElseThrow();
        checkEnded(entry);
        Batch batch = taken(entry, () -> {
            List<RunEntry> runs = ledger.runs(entry.id());
            claim(entry.id(), runs);
            return Batch.ofRemoval(entry, people.list(entry.id(), entry.people()), runs);
        });
        LOG.info("batch {} reopened to remove {} people", entry.id(), held.countPeople(entry.id()));
        return batch;
    }

    /**
     * Drops the outcomes that a run holds. Their sections stay as they are.
     *
     * @throws NotRetriable when the run holds nothing, its batch is in progress, or its indexer has a newer run
     */
    void reject(RunId id) {
        checkHeld(id);
        if (!guard.reject(id)) {
            throw inProgress(id.batchId());
        }
    }

    /**
     * Lets the people stay whose removal is held.
     *
     * @throws NotRetriable when no removal is held, the batch is in progress, or a newer one decides
     */
    void rejectRemoval(RunId id) {
        checkHeldRemoval(id);
        if (!open.take(id.batchId())) {
            throw inProgress(id.batchId());
        }
        try {
            held.forgetPeople();
            LOG.info("run {} rejected: its people stay in the index", id);
        } finally {
            open.release(id.batchId());
        }
    }

    private static void checkEnded(BatchEntry entry) {
        if (!entry.state().isFinal()) {
            throw new NotRetriable(
                    "batch " + entry.id() + " is " + entry.state() + ": its other runs must finish first");
        }
        if (entry.state() == State.ABANDONED) {
            throw new NotRetriable("batch " + entry.id() + " is abandoned: its list of people has been deleted");
        }
    }

    private void checkHeld(RunId id) {
        if (ledger.run(id.batchId(), id.indexer()).orElseThrow().state() != State.HELD) {
            throw new NotRetriable("run " + id + " holds nothing");
        }
        RunEntry newest = ledger.newestRun(id.indexer()).orElseThrow();
        if (!newest.batchId().equals(id.batchId())) {
            throw new NotRetriable("run " + id + " is out of date: see the newer run "
                    + new RunId(newest.batchId(), newest.indexer()));
        }
    }

    private void checkHeldRemoval(RunId id) {
        if (held.countPeople(id.batchId()) == 0) {
            throw new NotRetriable("run " + id + " holds nothing");
        }
        if (!ledger.isNewest(id.batchId())) {
            throw new NotRetriable("run " + id + " is out of date: there is a newer batch");
        }
    }

    private static NotRetriable inProgress(String batchId) {
        return new NotRetriable("batch " + batchId + " is already in progress");
    }

    /** Reopens a finished batch for some of its runs. */
    private Batch open(BatchEntry entry, Predicate<RunEntry> isRequested, Run.Kind kind) {
        return taken(entry, () -> {
            List<RunEntry> runs = ledger.runs(entry.id());
            Predicate<RunEntry> isLeftOut = run -> kind == Run.Kind.RETRY && isOfFeed(run);
            List<RunEntry> requested =
                    runs.stream().filter(isRequested.and(isLeftOut.negate())).toList();
            checkFeeds(entry.id(), runs.stream().filter(isRequested.and(isLeftOut)), requested);
            Predicate<RunEntry> isAgain =
                    run -> requested.contains(run) && (kind == Run.Kind.RELEASE || isPending(run));
            checkIndexers(entry.id(), runs.stream().filter(isAgain).toList());
            claim(entry.id(), requested);
            return Batch.ofRetry(entry, people.list(entry.id(), entry.people()), runs, isAgain, kind);
        });
    }

    /** Takes a batch and opens it; if that fails, it is free again. */
    private Batch taken(BatchEntry entry, Supplier<Batch> opening) {
        database.checkNotLost();
        if (!open.take(entry.id())) {
            throw inProgress(entry.id());
        }
        Batch batch = null;
        try {
            batch = open.add(opening.get());
            return batch;
        } finally {
            if (batch == null) {
                open.release(entry.id());
            }
        }
    }

    /** A run without failed URLs is pending if a retry that was killed left parts: they must still be joined. */
    private boolean isPending(RunEntry run) {
        return run.counts().errors() > 0 || csv.hasAny(run.indexer(), run.batchId());
    }

    private boolean isOfFeed(RunEntry run) {
        return indexers.all().stream()
                .filter(indexer -> indexer.name().equals(run.indexer()))
                .anyMatch(indexer -> indexer.source().feed() != null);
    }

    private void checkFeeds(String batchId, Stream<RunEntry> ofFeeds, List<RunEntry> others) {
        String failed = ofFeeds.filter(run -> run.counts().errors() > 0)
                .map(RunEntry::indexer)
                .collect(Collectors.joining(", "));
        if (failed.isEmpty()) {
            return;
        }
        String message = "the failed URLs of " + failed + " in batch " + batchId
                + " are those of a bulk feed, whose items are gone: start a new run of " + failed;
        if (others.stream().noneMatch(this::isPending)) {
            throw new NotRetriable(message);
        }
        LOG.warn(message);
    }

    private void checkIndexers(String batchId, List<RunEntry> runs) {
        Set<String> known = indexers.all().stream().map(Indexer::name).collect(Collectors.toSet());
        for (RunEntry run : runs) {
            if (!known.contains(run.indexer())) {
                throw new NotRetriable("batch " + batchId + " has outcomes of indexer " + run.indexer()
                        + ", which is no longer in the route files");
            }
            if (csv.hasOtherColumns(run.indexer(), batchId)) {
                throw new NotRetriable(
                        "the columns of indexer " + run.indexer() + " or the dialect in colleagues.csv have changed"
                                + " since batch " + batchId + ": restore them, or start a new batch");
            }
        }
    }

    private void claim(String batchId, List<RunEntry> runs) {
        for (RunEntry run : runs) {
            String claimed = open.claim(run.indexer(), batchId);
            if (!claimed.equals(batchId)) {
                throw new NotRetriable("indexer " + run.indexer() + " is still running in batch " + claimed);
            }
        }
    }

    /** Merges the rows of a retried chunk into its existing part. */
    public void merge(Chunk retry) throws IOException {
        Run run = open.get(retry.batchId()).run(retry.indexer());
        csv.merge(
                retry,
                database.call(() -> run.peopleOf(retry.number())),
                database.call(() -> chunks.claim(retry.batchId(), retry.indexer(), retry.number())));
    }
}
