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
 * The batches of exports under way: one run each, with URLs in place of people. Any thread may: an export is taken in
 * one step, so it runs at most once at a time, and what the ledger says of it is asked for after that.
 */
@Component
public class ExportBatches {
    private final OpenBatches open;
    private final Batches batches;
    private final Ledger ledger;
    private final PeopleTable people;
    private final ExportFiles files;
    private final Forgetting forgetting;

    ExportBatches(
            OpenBatches open,
            Batches batches,
            Ledger ledger,
            PeopleTable people,
            ExportFiles files,
            Forgetting forgetting) {
        this.files = files;
        this.forgetting = forgetting;
        this.open = open;
        this.batches = batches;
        this.ledger = ledger;
        this.people = people;
    }

    /** Whether the application stops, so that nothing new can begin. */
    public boolean isStopping() {
        return open.isStopping();
    }

    /**
     * Opens an export that the ledger has, to be begun or continued.
     *
     * @param urls their number
     * @param caller the API key that asked for it
     * @return null when it is under way, has ended, or the application stops
     */
    public Batch open(String batchId, int urls, String caller) {
        if (open.isStopping() || !open.take(batchId)) {
            return null;
        }
        Batch batch = null;
        try {
            // Asked after it is taken: before, another thread may have brought it to its end.
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

    /** Whether an export is under way, waits for its turn, or is about to. */
    public boolean isOpen(String batchId) {
        return open.isTaken(batchId);
    }

    /**
     * Cancels an export: no new chunk begins, its calls end at once, and it is not continued. The ledger is told first,
     * so that no crash brings it back; one that it has as ended stays as it is.
     *
     * @return whether it was still to end
     */
    public boolean cancel(String batchId, String why) {
        boolean isCancelled = ledger.cancelRun(batchId, Indexer.EXPORT, why, Instant.now());
        Optional<Batch> underWay = open.find(batchId);
        if (isCancelled && underWay.isPresent()) {
            Run run = underWay.get().run(Indexer.EXPORT);
            run.cancel(why);
            run.calls().drop();
        } else if (isCancelled) {
            ledger.endBatch(batchId, State.CANCELLED, why, Instant.now());
        }
        return isCancelled;
    }

    /**
     * Removes an export that has ended, with its files.
     *
     * @return whether it could be: not while it is under way
     */
    public boolean forget(String batchId) {
        return forgetting.forget(batchId);
    }

    /**
     * Closes an export whose run has ended or paused. Only one that is completed keeps files, and one that has paused,
     * parts: the others are removed before the batch is free, since whoever takes it then may remove all.
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
