package org.colleaguesearch.runs;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.colleaguesearch.delivery.CsvParts;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.PeopleTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Opens a batch again for the URLs of it that failed, or for those of one run. Stateless. */
@Component("retries")
class Retries {
    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

    private final OpenBatches open;
    private final Ledger ledger;
    private final PeopleTable people;
    private final Indexers indexers;
    private final CsvParts csv;
    private final DatabaseWait database;

    Retries(
            OpenBatches open,
            Ledger ledger,
            PeopleTable people,
            Indexers indexers,
            CsvParts csv,
            DatabaseWait database) {
        this.open = open;
        this.ledger = ledger;
        this.people = people;
        this.indexers = indexers;
        this.csv = csv;
        this.database = database;
    }

    /**
     * Opens a completed batch again, with the runs that have failed URLs to be done.
     *
     * @throws NotRetriable when there is no such batch, it is not completed, or one of its indexers is gone or runs in
     *     another
     */
    public Batch open(String batchId) {
        BatchEntry entry = ledger.batch(batchId)
                .orElseThrow(() -> new NotRetriable("there is no batch " + batchId + " in the ledger"));
        if (entry.state() != State.COMPLETED) {
            throw new NotRetriable("batch " + batchId + " is " + entry.state()
                    + ": only the failed URLs of a completed batch can be retried");
        }
        Batch batch = open(entry, run -> true);
        LOG.info("batch {} opened again: {} failed URLs", batchId, batch.errors());
        return batch;
    }

    /**
     * Opens the batch of a completed run again, with that run to be done.
     *
     * @throws NotRetriable when the run is not completed, its batch has not ended, or its indexer is gone or runs in
     *     another
     */
    Batch openRun(RunId id) {
        BatchEntry entry = ledger.batch(id.batchId()).orElseThrow();
        RunEntry run = ledger.run(id.batchId(), id.indexer()).orElseThrow();
        if (run.state() != State.COMPLETED) {
            throw new NotRetriable(
                    "run " + id + " is " + run.state() + ": only the failed URLs of a completed run can be retried");
        }
        if (!entry.state().isFinal()) {
            throw new NotRetriable(
                    "batch " + entry.id() + " is " + entry.state() + ": its other runs are to end first");
        }
        if (entry.state() == State.ABANDONED) {
            throw new NotRetriable("batch " + entry.id() + " is abandoned: its people are not known any more");
        }
        Batch batch = open(entry, each -> each.indexer().equals(id.indexer()));
        LOG.info("run {} opened again: {} failed URLs", id, run.counts().errors());
        return batch;
    }

    /** Opens a batch that has ended again for some of its runs. */
    private Batch open(BatchEntry entry, Predicate<RunEntry> isAsked) {
        database.checkNotLost();
        if (!open.take(entry.id())) {
            throw new NotRetriable("batch " + entry.id() + " is under way");
        }
        Batch batch = null;
        try {
            List<RunEntry> runs = ledger.runs(entry.id());
            List<RunEntry> asked = runs.stream().filter(isAsked).toList();
            checkIndexers(entry.id(), asked);
            claim(entry.id(), asked);
            batch = open.add(
                    Batch.ofRetry(entry, people.list(entry.id(), entry.people()), runs, isAsked.and(this::isToDo)));
            return batch;
        } finally {
            if (batch == null) {
                open.release(entry.id());
            }
        }
    }

    /** Also where nothing failed, but a retry that was killed has left its parts: they are to be joined. */
    private boolean isToDo(RunEntry run) {
        return run.counts().errors() > 0 || csv.hasAny(run.indexer(), run.batchId());
    }

    private void checkIndexers(String batchId, List<RunEntry> runs) {
        Set<String> known = indexers.all().stream().map(Indexer::name).collect(Collectors.toSet());
        for (RunEntry run : runs) {
            if (isToDo(run) && !known.contains(run.indexer())) {
                throw new NotRetriable("batch " + batchId + " has failed URLs of the indexer " + run.indexer()
                        + ", which is no longer under routes/indexers/");
            }
            if (isToDo(run) && csv.hasOtherColumns(run.indexer(), batchId)) {
                throw new NotRetriable(
                        "the columns of the indexer " + run.indexer() + " or the dialect in colleagues.csv"
                                + " were edited after batch " + batchId + " ran: put them back, or start a new batch");
            }
        }
    }

    private void claim(String batchId, List<RunEntry> runs) {
        for (RunEntry run : runs) {
            String claimed = open.claim(run.indexer(), batchId);
            if (!claimed.equals(batchId)) {
                throw new NotRetriable("indexer " + run.indexer() + " still runs in batch " + claimed);
            }
        }
    }

    /** Puts the rows of a retried chunk into the part that the chunk has already. */
    public void merge(Chunk retry) throws IOException {
        Run run = open.get(retry.batchId()).run(retry.indexer());
        csv.merge(retry, database.call(() -> run.peopleOf(retry.number())));
    }
}
