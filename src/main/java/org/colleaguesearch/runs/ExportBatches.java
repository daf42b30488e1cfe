package org.colleaguesearch.runs;

import java.time.Instant;
import java.util.Optional;
import org.colleaguesearch.delivery.ExportFiles;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.PeopleTable;
import org.springframework.stereotype.Component;

/**
 * The batches of exports in progress: one run each, with URLs instead of people. Thread-safe: an export is taken
 * atomically, so it runs at most once at a time, and the ledger is read after that.
 */
@Component
public class ExportBatches {
    private final OpenBatches open;
    private final Batches batches;
    private final Ledger ledger;
    private final PeopleTable people;
    private final ExportFiles files;
    private final BatchRetention forgetting;

    ExportBatches(
            OpenBatches open,
            Batches batches,
            Ledger ledger,
            PeopleTable people,
            ExportFiles files,
            BatchRetention forgetting) {
        this.files = files;
        this.forgetting = forgetting;
        this.open = open;
        this.batches = batches;
        this.ledger = ledger;
        this.people = people;
    }

    /** Whether the application is stopping, so that no export can start. */
    public boolean isStopping() {
        return open.isStopping();
    }

    /**
     * Opens an export of the ledger, to start or continue it.
     *
     * @param urls the number of URLs
     * @param caller the API key that requested it
     * @return null when it is in progress or finished, or the application is stopping
     */
    public Batch open(String batchId, int urls, String caller) {
        if (open.isStopping() || !open.take(batchId)) {
            return null;
        }
        Batch batch = null;
        try {
            // Only after it is taken: before, another thread may have finished it.
            if (ledger.isUnfinished(batchId)) {
                batch = Batch.of(batchId, people.list(batchId, urls), ledger.runs(batchId));
                batch.endListing();
                batch.run(Indexer.EXPORT).calls().madeFor(caller);
                open.add(batch);
            }
            return batch;
        } finally {
            if (batch == null) {
                open.release(batchId);
            }
        }
    }

    /** Whether an export is in progress or queued. */
    public boolean isOpen(String batchId) {
        return open.isTaken(batchId);
    }

    /**
     * Cancels an export: no new chunk starts, its calls are aborted, and it is not resumed. Written to the ledger
     * first, so that it stays cancelled after a crash. A finished export stays as it is.
     *
     * @return whether it was unfinished
     */
    public boolean cancel(String batchId, String reason) {
        boolean isCancelled = ledger.cancelRun(batchId, Indexer.EXPORT, reason, Instant.now());
        Optional<Batch> batch = open.find(batchId);
        if (isCancelled && batch.isPresent()) {
            Run run = batch.get().run(Indexer.EXPORT);
            run.cancel(reason);
            run.calls().drop();
        } else if (isCancelled) {
            ledger.endBatch(batchId, State.CANCELLED, reason, Instant.now());
        }
        return isCancelled;
    }

    /**
     * Deletes a finished export with its files.
     *
     * @return whether it was deleted: not while it is in progress
     */
    public boolean forget(String batchId) {
        return forgetting.forget(batchId);
    }

    /**
     * Closes an export whose run has finished or paused. A completed export keeps its files, a paused one its parts.
     * The rest is deleted before the batch is free, because the next owner may delete all of it.
     */
    public void close(Batch batch) {
        batches.close(batch, () -> {
            if (batch.state() == State.COMPLETED) {
                files.dropParts(batch.id());
            } else if (batch.state().isFinal()) {
                files.delete(batch.id());
            } else {
                files.pause(batch.id());
            }
        });
    }
}
