package org.colleaguesearch.runs;

import java.time.Duration;
import java.time.Instant;
import org.colleaguesearch.delivery.CsvParts;
import org.colleaguesearch.delivery.ExportFiles;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.FeedLedger;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Deletes old batches from the ledger, and the data kept for them. Stateless; repeating a deletion is harmless. */
@Component("forgetting")
class BatchRetention {
    private static final Logger LOG = LoggerFactory.getLogger(BatchRetention.class);

    private final OpenBatches open;
    private final Ledger ledger;
    private final PeopleTable people;
    private final FeedLedger feeds;
    private final CsvParts csv;
    private final ExportFiles exports;
    private final DatabaseWait database;
    private final Duration keep;

    BatchRetention(
            OpenBatches open,
            Ledger ledger,
            PeopleTable people,
            FeedLedger feeds,
            CsvParts csv,
            ExportFiles exports,
            DatabaseWait database,
            Settings settings) {
        this.database = database;
        this.open = open;
        this.ledger = ledger;
        this.people = people;
        this.feeds = feeds;
        this.csv = csv;
        this.exports = exports;
        this.keep = settings.database().keep();
    }

    /**
     * Deletes the batches that finished longer ago than {@code colleagues.database.keep}. The CSV files of indexers
     * stay; the files of exports are deleted. The feeds of runs that did not complete are deleted sooner, since they are
     * large and nobody needs them.
     */
    public void forgetOld() {
        try {
            feeds.ended().forEach(this::forgetFeeds);
            forgetEndedBefore(Instant.now().minus(keep));
        } catch (RuntimeException e) {
            LOG.warn("could not delete old batches, trying again after the next batch: {}", ApiFailures.reason(e));
            LOG.debug("could not delete old batches", e);
        }
    }

    private void forgetFeeds(String batchId) {
        if (open.take(batchId)) {
            try {
                feeds.forgetBatch(batchId);
            } finally {
                open.release(batchId);
            }
        }
    }

    private void forgetEndedBefore(Instant time) {
        for (String batchId : ledger.endedBefore(time)) {
            // A batch that is being retried is kept.
            boolean unused = forget(batchId);
        }
    }

    /**
     * Deletes a finished batch.
     *
     * @return whether it was deleted: not while it is open
     */
    boolean forget(String batchId) {
        if (!open.take(batchId)) {
            return false;
        }
        try {
            // Checked first, because the files are deleted before the ledger is written.
            database.checkNotLost();
            ledger.runs(batchId).forEach(run -> csv.drop(run.indexer(), batchId));
            exports.delete(batchId);
            people.delete(batchId);
            feeds.forgetBatch(batchId);
            ledger.forget(batchId);
            return true;
        } finally {
            open.release(batchId);
        }
    }
}
