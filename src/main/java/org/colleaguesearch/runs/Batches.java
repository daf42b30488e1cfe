package org.colleaguesearch.runs;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.DatabaseFailures;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.PeopleSink;
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Opens batches, lists their people, and closes them. Thread-safe: an indexer is claimed atomically, so it runs at most
 * once at a time, and the ledger is written after the claim.
 */
@Component("batches")
public class Batches {
    private static final Logger LOG = LoggerFactory.getLogger(Batches.class);
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    private final Indexers indexers;
    private final OpenBatches open;
    private final Ledger ledger;
    private final ChunkLedger chunks;
    private final PeopleTable people;
    private final DatabaseWait database;
    private final Settings.Indexing settings;
    private final AtomicLong lastId = new AtomicLong();

    Batches(
            Indexers indexers,
            OpenBatches open,
            Ledger ledger,
            ChunkLedger chunks,
            PeopleTable people,
            DatabaseWait database,
            Settings settings) {
        this.indexers = indexers;
        this.open = open;
        this.ledger = ledger;
        this.chunks = chunks;
        this.people = people;
        this.database = database;
        this.settings = settings.indexing();
    }

    /**
     * Opens a batch with the enabled indexers that are not running; there may be none.
     *
     * @param trigger what started it, for the log
     */
    public Batch open(String trigger) {
        return openWith(trigger, allowed(), false);
    }

    /**
     * Opens a batch as {@link #open(String)} does, but without the indexers whose runs were just resumed and paused
     * again: a new run would hit the same fault and supersede the work of the paused one.
     *
     * @param continued the batches that the same trigger has resumed
     * @param isFull whether it reads and delivers everything, changed or not; null for no
     * @param scheduled the time of the schedule that it is for: there is one batch for each; null for another trigger
     */
    public Batch open(String trigger, List<Batch> continued, Boolean isFull, Instant scheduled) {
        if (scheduled != null && database.call(() -> ledger.isScheduled(scheduled))) {
            LOG.info("{}: no new batch: there is one for {}", trigger, scheduled);
            return none(newTime());
        }
        List<String> wanted = new ArrayList<>(allowed());
        for (Batch batch : continued) {
            List<String> paused = batch.pending().stream()
                    .map(Run::indexer)
                    .filter(wanted::contains)
                    .toList();
            if (batch.state() == State.PAUSED && wanted.removeAll(paused)) {
                LOG.warn(
                        "{}: no new run of {}: batch {} has paused again; the next trigger resumes it",
                        trigger,
                        String.join(", ", paused),
                        batch.id());
            }
        }
        return open(trigger, wanted, newTime(), Boolean.TRUE.equals(isFull), scheduled);
    }

    /** Opens a batch with those of the given indexers that are not running; there may be none. */
    Batch openWith(String trigger, List<String> wanted, boolean isFull) {
        return open(trigger, wanted, newTime(), isFull, null);
    }

    private Batch none(Instant began) {
        String id = ID.format(began);
        return Batch.of(id, people.list(id, 0), List.of());
    }

    /** Opens a batch with those of the given indexers that are not running, with a unique start time. */
    public Batch open(String trigger, List<String> wanted, Instant began, boolean isFull, Instant scheduled) {
        String id = ID.format(began);
        open.take(id);
        List<String> free = claim(wanted, id, trigger);
        if (free.isEmpty()) {
            open.release(id);
            return none(began);
        }
        try {
            ledger.open(id, trigger, began, free, settings.batchSize(), isFull, scheduled);
            LOG.info("batch {} opened by {}{}: {}", id, trigger, isFull ? ", in full" : "", String.join(", ", free));
            return open.add(Batch.of(id, people.list(id, 0), ledger.runs(id), isFull));
        } catch (RuntimeException e) {
            open.release(id);
            throw e;
        }
    }

    /** The names of the enabled indexers. */
    List<String> allowed() {
        return indexers.all().stream()
                .map(Indexer::name)
                .filter(name -> settings.only().isEmpty() || settings.only().contains(name))
                .toList();
    }

    /** Claims indexers for a batch and returns those that it got. */
    private List<String> claim(List<String> wanted, String batchId, String trigger) {
        if (open.isStopping()) {
            LOG.info("{}: skipping {}: the application is stopping", trigger, String.join(", ", wanted));
            return List.of();
        }
        Map<String, String> claimed = open.claim(wanted, batchId);
        claimed.forEach((indexer, by) -> {
            if (!by.equals(batchId)) {
                LOG.info("{}: skipping indexer {}: still running in batch {}", trigger, indexer, by);
            }
        });
        return wanted.stream()
                .filter(indexer -> claimed.get(indexer).equals(batchId))
                .toList();
    }

    /** The id of a batch with this start time. */
    public static String id(Instant began) {
        return ID.format(began);
    }

    /** A start time for a new batch. No two batches get the same millisecond, so their ids differ. */
    public Instant newTime() {
        return Instant.ofEpochMilli(lastId.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis())));
    }

    /** Receives the list of people of a batch, and ends the listing when the batch is stopped or cancelled. */
    public PeopleSink listing(Batch batch) {
        return people -> {
            if (batch.isStopping()) {
                throw new PausedException(batch.stopReason());
            }
            if (batch.pending().isEmpty()) {
                throw new PausedException("all runs of the batch are cancelled");
            }
            database.run(() -> batch.people().add(people));
            return true;
        };
    }

    /** Records that the people of a batch are all listed. */
    public void listed(Batch batch) {
        database.run(() -> {
            batch.checkOwned();
            ledger.listed(batch.id(), batch.people().size());
        });
        batch.endListing();
        LOG.info("batch {}: {} active people", batch.id(), batch.people().size());
    }

    /** Fails or pauses a batch for a reason other than its runs. */
    public void fail(Batch batch, Exception failure) {
        if (batch.pending().isEmpty()) {
            // Its runs already determine its state.
            LOG.info("batch {} {}: {}", batch.id(), batch.state(), ApiFailures.reason(failure));
            return;
        }
        noteCutOff(batch, failure);
        // Without the complete list, no URL is owed an outcome: the next trigger starts a new listing.
        State state = batch.isListed() || failure instanceof PausedException ? State.PAUSED : State.FAILED;
        batch.end(state, ApiFailures.reason(failure));
        LOG.error("batch {} {}: {}", batch.id(), state, batch.failure());
        LOG.debug("batch {} {}", batch.id(), state, failure);
    }

    /** Logs in one line why a trigger could not start a batch. After a database outage, the batch is made up for. */
    public void notStarted(String trigger, Exception failure) {
        LOG.error("{}: could not start: {}", trigger, ApiFailures.reason(failure));
        LOG.debug("{}: could not start", trigger, failure);
        if (DatabaseFailures.isNotWritable(failure)) {
            database.recoverAgain();
        }
    }

    /** Logs a failure after the runs of a batch have finished. The batch is closed nevertheless. */
    public void failedAtEnd(Batch batch, Exception failure) {
        LOG.warn("batch {}: post-run step failed: {}", batch.id(), ApiFailures.reason(failure));
        LOG.debug("batch {}: post-run step failed", batch.id(), failure);
    }

    /**
     * Closes a batch whose runs have finished, and frees its indexers whatever fails here. If the ledger cannot be
     * written, the batch stays unfinished there; the instance with the lease closes it when the database is available
     * again.
     */
    public void close(Batch batch) {
        close(batch, () -> {});
    }

    /** Closes a batch, and calls {@code last} before another thread can open or delete it. */
    void close(Batch batch, Runnable last) {
        try {
            recordEnd(batch);
            last.run();
        } finally {
            batch.runs().forEach(run -> indexers.free(run.indexer()));
            open.release(batch.id());
            if (batch.isCutOff() && !open.isStopping()) {
                database.recoverAgain();
            }
        }
    }

    private void recordEnd(Batch batch) {
        try {
            if (batch.isHandedOver()) {
                LOG.info("batch {}: another node continues it", batch.id());
                chunks.forgive(batch.id());
                return;
            }
            database.run(() -> closeInLedger(batch));
        } catch (RuntimeException e) {
            noteCutOff(batch, e);
            batch.end(State.PAUSED, "could not record the end of the batch: " + ApiFailures.reason(e));
            LOG.warn("batch {} {}: {}", batch.id(), batch.state(), batch.failure());
            LOG.debug("batch {} could not be closed", batch.id(), e);
        }
    }

    private static void noteCutOff(Batch batch, Exception failure) {
        if (DatabaseFailures.isNotWritable(failure)) {
            batch.noteCutOff();
        }
    }

    private void closeInLedger(Batch batch) {
        batch.checkOwned();
        ledger.endBatch(batch.id(), batch.kept(), batch.failure(), Instant.now());
        chunks.forgive(batch.id());
        if (batch.kept().isFinal() && batch.errors() + batch.held() == 0) {
            // Nothing is left to retry or release.
            people.delete(batch.id());
        }
    }
}
