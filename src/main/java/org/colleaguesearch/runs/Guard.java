package org.colleaguesearch.runs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.HeldLedger;
import org.colleaguesearch.ledger.SectionLedger;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Decides about the outcomes that a run holds since they would empty sections: few of them are delivered when the run ends,
 * many only if someone releases them. Stateless.
 */
@Component("guard")
class Guard {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private final HeldLedger held;
    private final SectionLedger sections;
    private final DatabaseWait database;
    private final Settings.Guard settings;

    Guard(HeldLedger held, SectionLedger sections, DatabaseWait database, Settings settings) {
        this.held = held;
        this.sections = sections;
        this.database = database;
        this.settings = settings.guard();
    }

    /** Whether a run whose chunks are done delivers what it holds. */
    public boolean isToDeliver(Run run) {
        long empty = run.counts().held();
        if (empty == 0 || run.isRelease()) {
            return empty > 0;
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
