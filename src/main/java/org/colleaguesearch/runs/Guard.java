package org.colleaguesearch.runs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.colleaguesearch.delivery.CsvParts;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.HeldLedger;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.SectionLedger;
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Decides about the outcomes that a run holds since they would empty sections: few of them are delivered when the run ends,
 * many only if someone releases them before the next run of the indexer. Stateless.
 */
@Component("guard")
class Guard {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private final OpenBatches open;
    private final Ledger ledger;
    private final HeldLedger held;
    private final SectionLedger sections;
    private final PeopleTable people;
    private final CsvParts csv;
    private final DatabaseWait database;
    private final Settings.Guard settings;

    Guard(
            OpenBatches open,
            Ledger ledger,
            HeldLedger held,
            SectionLedger sections,
            PeopleTable people,
            CsvParts csv,
            DatabaseWait database,
            Settings settings) {
        this.open = open;
        this.ledger = ledger;
        this.held = held;
        this.sections = sections;
        this.people = people;
        this.csv = csv;
        this.database = database;
        this.settings = settings.guard();
    }

    /** Whether a run whose chunks are done delivers what it holds. */
    public boolean isToDeliver(Run run) {
        long empty = run.counts().held();
        if (empty == 0 || run.isRelease()) {
            return empty > 0;
        }
        if (run.isRetry() && !isNewest(run)) {
            // The sections are those of a newer run.
            return false;
        }
        long all = database.call(() -> sections.countWithItems(run.indexer()));
        boolean isFew = empty <= settings.maxPeople() || empty <= settings.maxShare() * all;
        if (!isFew) {
            LOG.error(
                    "run {}: {} of {} people with {} would lose all of them; held, since the API may be at fault:"
                            + " check it, then release or reject the run {}",
                    run.indexer(),
                    empty,
                    all,
                    run.indexer(),
                    new RunId(run.batch().id(), run.indexer()));
        }
        return isFew;
    }

    private boolean isNewest(Run run) {
        return database.call(() -> ledger.newestRun(run.indexer()))
                .filter(newest -> newest.batchId().equals(run.batch().id()))
                .isPresent();
    }

    /**
     * Drops the outcomes that a run holds, with what was kept to deliver them. Their sections stay as they are.
     *
     * @return whether it did: not while its batch is in progress
     */
    boolean reject(RunId id) {
        if (!open.take(id.batchId())) {
            return false;
        }
        try {
            database.run(() -> held.reject(id.batchId(), id.indexer()));
            List<RunEntry> runs = ledger.runs(id.batchId());
            if (runs.stream()
                    .noneMatch(run ->
                            run.indexer().equals(id.indexer()) && run.counts().errors() > 0)) {
                csv.drop(id.indexer(), id.batchId());
            }
            boolean isClean =
                    runs.stream().map(RunEntry::counts).allMatch(counts -> counts.errors() + counts.held() == 0);
            if (isClean && !ledger.isUnfinished(id.batchId())) {
                people.delete(id.batchId());
            }
            LOG.info("run {}: its held outcomes are rejected; the sections stay as they are", id);
            return true;
        } finally {
            open.release(id.batchId());
        }
    }

    /** Rejects what older runs of the indexer hold: a completed run has decided anew. */
    void rejectOlder(Run run) {
        for (String batchId : database.call(() -> held.before(run.batch().id(), run.indexer()))) {
            // One in progress is left to the next run.
            boolean unused = reject(new RunId(batchId, run.indexer()));
        }
    }

    /** The outcomes of a chunk whose outcomes were held: empty sections. */
    public ChunkOutcomes empty(Chunk chunk) {
        List<Outcome> outcomes =
                database.call(() -> held.ofChunk(chunk.batchId(), chunk.indexer(), chunk.number())).stream()
                        .<Outcome>map(each -> new Fetched(
                                new Call(each.person(), each.url()), JsonNodeFactory.instance.arrayNode(), null, 1, 0))
                        .toList();
        return new ChunkOutcomes(chunk, outcomes);
    }
}
