package org.colleaguesearch.runs;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Opens, lists and closes batches. Any thread may: an indexer is claimed in one step, so it runs at most once at a
 * time, and the ledger is told after the claim.
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
     * Opens a batch with the indexers that are to run and do not run yet; it may have none.
     *
     * @param trigger what started it, for the log
     */
    public Batch open(String trigger) {
        return openWith(trigger, allowed());
    }

    /**
     * Opens a batch as {@link #open(String)} does, but without the indexers whose runs have just been continued and are
     * paused again: they would meet the same fault, and what they have done would be superseded.
     *
     * @param continued the batches that the same trigger has continued
     */
    public Batch open(String trigger, List<Batch> continued) {
        List<String> wanted = new ArrayList<>(allowed());
        for (Batch batch : continued) {
            List<String> paused = batch.pending().stream()
                    .map(Run::indexer)
                    .filter(wanted::contains)
                    .toList();
            if (batch.state() == State.PAUSED && wanted.removeAll(paused)) {
                LOG.warn(
                        "{}: no new run of {}, since batch {} is paused again; the next trigger continues it",
                        trigger,
                        String.join(", ", paused),
                        batch.id());
            }
        }
        return openWith(trigger, wanted);
    }

    /** Opens a batch with those of some indexers that do not run yet; it may have none. */
    Batch openWith(String trigger, List<String> wanted) {
        return open(trigger, wanted, newTime());
    }

    /** Opens a batch with those of some indexers that do not run yet, as of a time that no other batch has begun at. */
    public Batch open(String trigger, List<String> wanted, Instant began) {
        String id = ID.format(began);
        open.take(id);
        List<String> free = claim(wanted, id, trigger);
        if (free.isEmpty()) {
            open.release(id);
            return Batch.of(id, people.list(id, 0), List.of());
        }
        try {
            ledger.open(id, trigger, began, free, settings.batchSize());
            LOG.info("batch {} opened by {}: {}", id, trigger, String.join(", ", free));
            return open.add(Batch.of(id, people.list(id, 0), ledger.runs(id)));
        } catch (RuntimeException e) {
            open.release(id);
            throw e;
        }
    }

    /** The indexers that the settings let run, by name. */
    List<String> allowed() {
        return indexers.all().stream()
                .map(Indexer::name)
                .filter(name -> settings.only().isEmpty() || settings.only().contains(name))
                .toList();
    }

    /** Those of some indexers that the batch now has. */
    private List<String> claim(List<String> wanted, String batchId, String trigger) {
        if (open.isStopping()) {
            LOG.info("{}: {} are skipped, the application is stopping", trigger, String.join(", ", wanted));
            return List.of();
        }
        Map<String, String> claimed = open.claim(wanted, batchId);
        claimed.forEach((indexer, by) -> {
            if (!by.equals(batchId)) {
                LOG.info("{}: indexer {} is skipped, it still runs in batch {}", trigger, indexer, by);
            }
        });
        return wanted.stream()
                .filter(indexer -> claimed.get(indexer).equals(batchId))
                .toList();
    }

    /** The id of a batch that begins at a time. */
    public static String id(Instant began) {
        return ID.format(began);
    }

    /** When a new batch begins. Two of one millisecond get different times, and so different ids. */
    public Instant newTime() {
        return Instant.ofEpochMilli(lastId.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis())));
    }

    /**
     * Adds a page of the people API to the people of a batch.
     *
     * @return the URL of the next page, or null after the last one
     */
    public String list(Batch batch, JsonNode page) {
        if (batch.isStopping()) {
            throw new PausedException(batch.stopReason());
        }
        if (batch.pending().isEmpty()) {
            throw new PausedException("all its runs are cancelled");
        }
        return database.call(() -> batch.people().add(page));
    }

    /** Ends the listing of a batch's people. */
    public void listed(Batch batch) {
        database.run(() -> {
            batch.checkOwned();
            ledger.listed(batch.id(), batch.people().size());
        });
        batch.endListing();
        LOG.info("batch {}: {} active people", batch.id(), batch.people().size());
    }

    /** Notes that the batch cannot be done, or not for now, for a reason before or beside its runs. */
    public void fail(Batch batch, Exception failure) {
        if (batch.pending().isEmpty()) {
            // It is as its runs are.
            LOG.info("batch {} {}: {}", batch.id(), batch.state(), ApiFailures.reason(failure));
            return;
        }
        noteCutOff(batch, failure);
        // Without the list, no URL has been promised an outcome: the next trigger lists anew.
        State state = batch.isListed() || failure instanceof PausedException ? State.PAUSED : State.FAILED;
        batch.end(state, ApiFailures.reason(failure));
        LOG.error("batch {} {}: {}", batch.id(), state, batch.failure());
        LOG.debug("batch {} {}", batch.id(), state, failure);
    }

    /** Says in one line why a trigger could not start anything; after an outage of the database it is made up for. */
    public void notStarted(String trigger, Exception failure) {
        LOG.error("{}: could not start: {}", trigger, ApiFailures.reason(failure));
        LOG.debug("{}: could not start", trigger, failure);
        if (DatabaseFailures.isNotWritable(failure)) {
            database.recoverAgain();
        }
    }

    /** Says in the log what failed after the runs of a batch had ended: it is closed all the same. */
    public void failedAtEnd(Batch batch, Exception failure) {
        LOG.warn("batch {}: post-run step failed: {}", batch.id(), ApiFailures.reason(failure));
        LOG.debug("batch {}: post-run step failed", batch.id(), failure);
    }

    /**
     * Closes a batch whose runs have ended: its indexers may run again, whatever fails here. Where the ledger cannot be
     * told, it has the batch as unfinished, and whoever has the lease closes it when the database is available.
     */
    public void close(Batch batch) {
        close(batch, () -> {});
    }

    /** {@link #close(Batch)}. {@code last}: what is to be done before someone else may open the batch, or forget it. */
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
            database.run(() -> closeInLedger(batch));
        } catch (RuntimeException e) {
            noteCutOff(batch, e);
            batch.end(State.PAUSED, "could not record the end of the batch: " + ApiFailures.reason(e));
            LOG.warn("batch {} {}: {}", batch.id(), batch.state(), batch.failure());
            LOG.debug("batch {} is not closed", batch.id(), e);
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
        if (batch.kept().isFinal() && batch.errors() == 0) {
            // Nobody will be called again.
            people.delete(batch.id());
        }
    }
}
