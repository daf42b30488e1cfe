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
import org.colleaguesearch.ledger.FeedLedger;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.PeopleList;
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Resumes batches that a crash, a stop or a pause left unfinished. Stateless; takes a batch before resuming it. */
@Component("unfinished")
class Unfinished {
    private static final Logger LOG = LoggerFactory.getLogger(Unfinished.class);

    /** How late a trigger can fire: it must still resume a batch that is exactly {@code resume-within} old. */
    private static final Duration LATE = Duration.ofMinutes(1);

    private final OpenBatches open;
    private final Ledger ledger;
    private final PeopleTable people;
    private final FeedLedger feeds;
    private final Indexers indexers;
    private final DatabaseWait database;
    private final Settings.Indexing settings;
    private final boolean isDemo;
    private final Settings.Demo demo;

    Unfinished(
            OpenBatches open,
            Ledger ledger,
            PeopleTable people,
            FeedLedger feeds,
            Indexers indexers,
            DatabaseWait database,
            Settings settings) {
        this.open = open;
        this.ledger = ledger;
        this.people = people;
        this.feeds = feeds;
        this.indexers = indexers;
        this.database = database;
        this.settings = settings.indexing();
        this.isDemo = settings.usesDemo();
        this.demo = settings.demo();
    }

    /** Opens the batches to resume, oldest first, and abandons the others. Skips batches in progress. */
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
            // The caller gets none of the opened batches, so it will not run them.
            resumed.forEach(batch -> open.release(batch.id()));
            throw e;
        }
    }

    /** Opens a batch that is taken; releases it if it cannot be resumed, or not now. */
    private Optional<Batch> resume(String batchId) {
        Optional<Batch> resumed = Optional.empty();
        try {
            // Read again: another thread may have finished it before it was taken.
            resumed = ledger.batch(batchId)
                    .filter(entry -> !entry.state().isFinal())
                    .filter(this::isResumable)
                    .filter(this::claim)
                    .map(entry -> open.add(batch(entry)));
            return resumed;
        } finally {
            if (resumed.isEmpty()) {
                open.release(batchId);
            }
        }
    }

    private boolean isResumable(BatchEntry entry) {
        String reason = reasonToAbandon(entry);
        if (reason != null) {
            abandon(entry, reason);
        }
        return reason == null;
    }

    private String reasonToAbandon(BatchEntry entry) {
        if (settings.unfinished() == Settings.Unfinished.ABANDON) {
            return "colleagues.indexing.unfinished is abandon";
        }
        Duration age = Duration.between(entry.began(), Instant.now());
        if (age.compareTo(settings.resumeWithin().plus(LATE)) > 0) {
            return "it is older than colleagues.indexing.resume-within";
        }
        if (people.areMadeUp(entry.id()) && !isDemo()) {
            return "it has the made-up people of the demo, but the application now uses real people";
        }
        Set<String> known = indexers.all().stream().map(Indexer::name).collect(Collectors.toSet());
        return pending(entry)
                .filter(indexer -> !known.contains(indexer))
                .findFirst()
                .map(indexer -> "its indexer " + indexer + " is no longer in the route files")
                .orElse(null);
    }

    /** Reads the file of people, so it is only called for an unfinished batch of the demo. */
    private boolean isDemo() {
        return isDemo && PeopleFile.hasOnlyMadeUpPeople(demo.people());
    }

    private Stream<String> pending(BatchEntry entry) {
        return ledger.runs(entry.id()).stream()
                .filter(run -> !run.state().isFinal())
                .map(RunEntry::indexer);
    }

    private void abandon(BatchEntry entry, String reason) {
        ledger.endBatch(entry.id(), State.ABANDONED, "abandoned: " + reason, Instant.now());
        people.delete(entry.id());
        feeds.forgetBatch(entry.id());
        LOG.warn("batch {} (started at {}) abandoned: {}", entry.id(), entry.began(), reason);
    }

    private boolean claim(BatchEntry entry) {
        return pending(entry)
                .allMatch(indexer -> open.claim(indexer, entry.id()).equals(entry.id()));
    }

    /** An interrupted listing starts over: no chunk can have started yet. */
    private Batch batch(BatchEntry entry) {
        PeopleList list = people.list(entry.id(), entry.people() == null ? 0 : entry.people());
        Batch batch = Batch.of(entry.id(), list, ledger.runs(entry.id()), entry.isFull());
        if (entry.people() == null) {
            list.clear();
        } else {
            batch.endListing();
        }
        LOG.info("resuming batch {} (started at {})", entry.id(), entry.began());
        return batch;
    }
}
