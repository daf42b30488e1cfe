package org.colleaguesearch.runs;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.delivery.CsvParts;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.BatchEntry;
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
    private final HeldLedger held;
    private final DatabaseWait database;

    Retries(
            OpenBatches open,
            Ledger ledger,
            PeopleTable people,
            Indexers indexers,
            CsvParts csv,
            HeldLedger held,
            DatabaseWait database) {
        this.open = open;
        this.ledger = ledger;
        this.people = people;
        this.indexers = indexers;
        this.csv = csv;
        this.held = held;
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
        if (entry.state() == State.ABANDONED) {
            throw new NotRetriable("batch " + entry.id() + " is abandoned: its list of people has been deleted");
        }
        Batch batch = open(entry, each -> each.indexer().equals(id.indexer()), Run.Kind.RETRY);
        LOG.info("run {} reopened to retry {} failed URLs", id, run.counts().errors());
        return batch;
    }

    /**
     * Reopens the batch of a run that holds outcomes; that run is pending.
     *
     * @throws NotRetriable when the run holds nothing, or a newer run of the indexer has completed
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
     * Drops the outcomes that a run holds. Their sections stay as they are.
     *
     * @throws NotRetriable as {@link #openHeld}, and when the batch is in progress
     */
    void reject(RunId id) {
        checkHeld(id);
        if (!open.take(id.batchId())) {
            throw new NotRetriable("batch " + id.batchId() + " is already in progress");
        }
        try {
            long count = held.count(id.batchId(), id.indexer());
            held.reject(id.batchId(), id.indexer());
            LOG.info("run {}: {} held outcomes rejected; their sections stay as they are", id, count);
        } finally {
            open.release(id.batchId());
        }
    }

    private static void checkEnded(BatchEntry entry) {
        if (!entry.state().isFinal()) {
            throw new NotRetriable(
                    "batch " + entry.id() + " is " + entry.state() + ": its other runs must finish first");
        }
    }

    private void checkHeld(RunId id) {
        if (ledger.run(id.batchId(), id.indexer()).orElseThrow().state() != State.HELD) {
            throw new NotRetriable("run " + id + " holds nothing");
        }
        RunEntry newest = ledger.newestRuns().stream()
                .filter(run -> run.indexer().equals(id.indexer()))
                .findFirst()
                .orElseThrow();
        if (!newest.batchId().equals(id.batchId()) && newest.state().isCompleted()) {
            throw new NotRetriable("run " + id + " is out of date: see the newer run "
                    + new RunId(newest.batchId(), newest.indexer()));
        }
    }

    /** Reopens a finished batch for some of its runs. */
    private Batch open(BatchEntry entry, Predicate<RunEntry> isRequested, Run.Kind kind) {
        database.checkNotLost();
        if (!open.take(entry.id())) {
            throw new NotRetriable("batch " + entry.id() + " is already in progress");
        }
        Batch batch = null;
        try {
            List<RunEntry> runs = ledger.runs(entry.id());
            Predicate<RunEntry> isLeftOut = run -> kind == Run.Kind.RETRY && isOfFeed(run);
            List<RunEntry> requested =
                    runs.stream().filter(isRequested.and(isLeftOut.negate())).toList();
            checkFeeds(entry.id(), runs.stream().filter(isRequested.and(isLeftOut)), requested);
            checkIndexers(entry.id(), requested);
            claim(entry.id(), requested);
            batch = open.add(Batch.ofRetry(
                    entry,
                    people.list(entry.id(), entry.people()),
                    runs,
                    run -> requested.contains(run) && (kind == Run.Kind.RELEASE || isPending(run)),
                    kind));
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
            if (isPending(run) && !known.contains(run.indexer())) {
                throw new NotRetriable("batch " + batchId + " has failed URLs of indexer " + run.indexer()
                        + ", which is no longer in the route files");
            }
            if (isPending(run) && csv.hasOtherColumns(run.indexer(), batchId)) {
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
        csv.merge(retry, database.call(() -> run.peopleOf(retry.number())));
    }
}
