package org.colleaguesearch.runs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.colleaguesearch.delivery.CurrentIndex;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Fetched.Change;
import org.colleaguesearch.indexing.KeptSection;
import org.colleaguesearch.indexing.KeptSections;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.SectionLedger;
import org.colleaguesearch.people.Person;
import org.springframework.stereotype.Component;

/**
 * Compares the sections of a chunk with those of last time: what has not changed is not delivered to the index again, and
 * what would be emptied is held. Stateless; a chunk belongs to one thread at a time.
 */
@Component("sections")
public class Sections {
    private final VisitedBatches batches;
    private final Deliveries deliveries;
    private final CurrentIndex index;
    private final SectionLedger ledger;
    private final DatabaseWait database;

    Sections(
            VisitedBatches batches,
            Deliveries deliveries,
            CurrentIndex index,
            SectionLedger ledger,
            DatabaseWait database) {
        this.batches = batches;
        this.deliveries = deliveries;
        this.index = index;
        this.ledger = ledger;
        this.database = database;
    }

    /** Finds out which index a run is delivered to: a section that another index has is not in this one. */
    public void begin(Run run) {
        run.deliverTo(deliveries.isIndexed(run.indexer()) ? index.uuid().orElse(null) : null);
    }

    /** What the sections of a chunk were last time. */
    public KeptSections kept(Chunk chunk) {
        if (chunk.isDryRun() || chunk.isExport()) {
            return KeptSections.NONE;
        }
        List<String> people = ids(chunk.people().stream());
        Optional<Run> run = batches.find(chunk);
        return new KeptSections(
                database.call(() -> ledger.find(chunk.indexer(), people)),
                run.map(Run::index).orElse(null),
                run.map(Run::batch).filter(Batch::isFull).isPresent());
    }

    /** Compares the sections that were fetched. */
    public ChunkOutcomes compare(ChunkOutcomes outcomes, KeptSections kept) {
        Chunk chunk = outcomes.chunk();
        if (chunk.isExport()) {
            return outcomes;
        }
        Map<String, JsonNode> items = itemsOfLastTime(outcomes, kept);
        List<Outcome> compared = new ArrayList<>();
        for (Outcome outcome : outcomes.outcomes()) {
            compared.add(
                    outcome instanceof Fetched fetched
                            ? compared(
                                    fetched,
                                    kept,
                                    items.get(outcome.call().person().id()))
                            : outcome);
        }
        return new ChunkOutcomes(chunk, compared);
    }

    /**
     * Prepares the delivery of a chunk. Until it is recorded as done, the index may have its new sections or its old ones,
     * so it counts as having neither. Where a later page of last time could not be read, its version is forgotten: the
     * next run reads the pages from the first one.
     *
     * @param kept what the sections were last time; null if that is unknown
     */
    public void beginDelivery(ChunkOutcomes outcomes, KeptSections kept) {
        if (kept == null) {
            return;
        }
        String indexer = outcomes.chunk().indexer();
        List<String> replaced = ids(outcomes.fetched()
                .filter(Fetched::isChanged)
                .map(fetched -> fetched.call().person())
                .filter(person -> kept.of(person)
                        .map(KeptSection::index)
                        .filter(index -> index.equals(kept.index()))
                        .isPresent()));
        List<String> unreadable = ids(outcomes.failed()
                .filter(failed -> failed.status() != null && failed.status() / 100 == 4)
                .map(failed -> failed.call().person())
                .filter(person -> kept.of(person)
                        .map(KeptSection::validators)
                        .filter(known -> known.pages().size() > 1)
                        .isPresent()));
        if (!replaced.isEmpty()) {
            database.run(() -> ledger.forgetIndex(indexer, replaced));
        }
        if (!unreadable.isEmpty()) {
            database.run(() -> ledger.forgetVersions(indexer, unreadable));
        }
    }

    /** Only those that are needed. */
    private Map<String, JsonNode> itemsOfLastTime(ChunkOutcomes outcomes, KeptSections kept) {
        List<String> people = ids(outcomes.fetched()
                .filter(fetched -> fetched.change() == Change.NOT_MODIFIED || wouldEmpty(fetched, kept))
                .map(fetched -> fetched.call().person()));
        return people.isEmpty()
                ? Map.of()
                : database.call(() -> ledger.items(outcomes.chunk().indexer(), people));
    }

    private Fetched compared(Fetched fetched, KeptSections kept, JsonNode items) {
        if (wouldEmpty(fetched, kept)) {
            return fetched.with(Change.HELD, items);
        }
        Person person = fetched.call().person();
        Optional<KeptSection> last = kept.of(person);
        boolean isModified = fetched.change() != Change.NOT_MODIFIED;
        JsonNode section = isModified ? fetched.section() : items;
        boolean isSame = last.filter(before -> !kept.isFull() && isDelivered(before, kept))
                .filter(before -> before.hash().equals(SectionLedger.hash(person, section)))
                .isPresent();
        if (isModified) {
            return fetched.with(isSame ? Change.UNCHANGED : Change.CHANGED, section);
        }
        // The API still calls it what it did.
        return fetched.with(last.map(KeptSection::validators).orElse(null))
                .with(isSame ? Change.NOT_MODIFIED : Change.CHANGED, section);
    }

    /** Whether each place that sections are delivered to has it. The current index, if it is unknown, may be another one. */
    private boolean isDelivered(KeptSection last, KeptSections kept) {
        boolean isInIndex = kept.index() != null && kept.index().equals(last.index());
        return (isInIndex || !deliveries.toOpenSearch()) && (last.isInTable() || !deliveries.toDatabase());
    }

    private static boolean wouldEmpty(Fetched fetched, KeptSections kept) {
        Optional<KeptSection> last = kept.of(fetched.call().person());
        return fetched.change() != Change.NOT_MODIFIED
                && fetched.items() == 0
                && last.filter(section -> section.items() > 0).isPresent();
    }

    private static List<String> ids(Stream<Person> people) {
        return people.map(Person::id).toList();
    }
}
