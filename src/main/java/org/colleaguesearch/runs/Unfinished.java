package org.colleaguesearch.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.demo.PeopleFile;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.PeopleList;
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The batches that a crash, a stop or a pause has left unfinished. Stateless; a batch is taken before it goes on. */
@Component("unfinished")
class Unfinished {
    private static final Logger LOG = LoggerFactory.getLogger(Unfinished.class);

    /** How late a trigger can be: one that is as long after another as batches may be old continues that one's. */
    private static final Duration LATE = Duration.ofMinutes(1);

    private final OpenBatches open;
    private final Ledger ledger;
    private final PeopleTable people;
    private final Indexers indexers;
    private final DatabaseWait database;
    private final Settings.Indexing settings;
    private final Settings.Api api;
    private final Settings.Demo demo;

    Unfinished(
            OpenBatches open,
            Ledger ledger,
            PeopleTable people,
            Indexers indexers,
            DatabaseWait database,
            Settings settings) {
        this.open = open;
        this.ledger = ledger;
        this.people = people;
        this.indexers = indexers;
        this.database = database;
        this.settings = settings.indexing();
        this.api = settings.api();
        this.demo = settings.demo();
    }

    /** Opens those that are to be continued, oldest first, and abandons the others. Skips those under way. */
    public List<Batch> resume() {
        database.checkNotLost();
        List<Batch> resumed = new ArrayList<>();
        try {
            for (BatchEntry entry : database.call(ledger::unfinished)) {
                if (!open.isStopping() && open.take(entry.id())) {
                    resume(entry.id()).ifPresent(resumed::add);
                }
            }
            return resumed;
        } catch (RuntimeException e) {
            // Nobody will run those that are open already.
            resumed.forEach(batch -> open.release(batch.id()));
            throw e;
        }
    }

    /** Opens one that is taken; frees it where it is not to be continued, or not now. */
    private Optional<Batch> resume(String batchId) {
        Optional<Batch> resumed = Optional.empty();
        try {
            // Read again: before it was taken, another thread may have brought it to its end.
            resumed = ledger.batch(batchId)
                    .filter(entry -> !entry.state().isFinal())
                    .filter(this::isToBeContinued)
                    .filter(this::claim)
                    .map(entry -> open.add(batch(entry)));
            return resumed;
        } finally {
            if (resumed.isEmpty()) {
                open.release(batchId);
            }
        }
    }

    private boolean isToBeContinued(BatchEntry entry) {
        String against = reasonAgainst(entry);
        if (against != null) {
            abandon(entry, against);
        }
        return against == null;
    }

    private String reasonAgainst(BatchEntry entry) {
        if (settings.unfinished() == Settings.Unfinished.ABANDON) {
            return "colleagues.indexing.unfinished is abandon";
        }
        Duration age = Duration.between(entry.began(), Instant.now());
        if (age.compareTo(settings.resumeWithin().plus(LATE)) > 0) {
            return "it is older than colleagues.indexing.resume-within";
        }
        if (people.areMadeUp(entry.id()) && !isDemo()) {
            return "its people are the made-up ones of the demo, and now there are real ones";
        }
        Set<String> known = indexers.all().stream().map(Indexer::name).collect(Collectors.toSet());
        return pending(entry)
                .filter(indexer -> !known.contains(indexer))
                .findFirst()
                .map(indexer -> "its indexer " + indexer + " is no longer under routes/indexers/")
                .orElse(null);
    }

    /** Read only when a batch of the demo is unfinished. */
    private boolean isDemo() {
        return api.baseUrl() == null && PeopleFile.hasOnlyMadeUpPeople(demo.people());
    }

    private Stream<String> pending(BatchEntry entry) {
        return ledger.runs(entry.id()).stream()
                .filter(run -> !run.state().isFinal())
                .map(RunEntry::indexer);
    }

    private void abandon(BatchEntry entry, String why) {
        ledger.endBatch(entry.id(), State.ABANDONED, "abandoned: " + why, Instant.now());
        people.delete(entry.id());
        LOG.warn("batch {} of {} is abandoned unfinished: {}", entry.id(), entry.began(), why);
    }

    private boolean claim(BatchEntry entry) {
        return pending(entry)
                .allMatch(indexer -> open.claim(indexer, entry.id()).equals(entry.id()));
    }

    /** Where the listing was cut off it begins anew: no chunk can have begun. */
    private Batch batch(BatchEntry entry) {
        PeopleList list = people.list(entry.id(), entry.people() == null ? 0 : entry.people());
        Batch batch = Batch.of(entry.id(), list, ledger.runs(entry.id()));
        if (entry.people() == null) {
            list.clear();
        } else {
            batch.endListing();
        }
        LOG.info("batch {} of {} is continued", entry.id(), entry.began());
        return batch;
    }
}
