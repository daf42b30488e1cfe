package org.colleaguesearch.runs;

import java.time.Duration;
import java.time.Instant;
import org.colleaguesearch.delivery.CsvParts;
import org.colleaguesearch.delivery.ExportFiles;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Removes old batches from the ledger, and what was kept for them. Stateless; it removes the same only once. */
@Component("forgetting")
class Forgetting {
    private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);

    private final OpenBatches open;
    private final Ledger ledger;
    private final PeopleTable people;
    private final CsvParts csv;
    private final ExportFiles exports;
    private final DatabaseWait database;
    private final Duration keep;

    Forgetting(
            OpenBatches open,
            Ledger ledger,
            PeopleTable people,
            CsvParts csv,
            ExportFiles exports,
            DatabaseWait database,
            Settings settings) {
        this.database = database;
        this.open = open;
        this.ledger = ledger;
        this.people = people;
        this.csv = csv;
        this.exports = exports;
        this.keep = settings.database().keep();
    }

    /**
     * Forgets the batches that ended longer ago than {@code colleagues.database.keep}. The CSV files of indexers stay,
     * and the files of exports go.
     */
    public void forgetOld() {
        try {
            forgetEndedBefore(Instant.now().minus(keep));
        } catch (RuntimeException e) {
            LOG.warn("old batches are removed after the next batch: {}", ApiFailures.reason(e));
            LOG.debug("old batches could not be removed", e);
        }
    }

    private void forgetEndedBefore(Instant time) {
        for (String batchId : ledger.endedBefore(time)) {
            // Not one that is opened again for its failed URLs.
            boolean unused = forget(batchId);
        }
    }

    /**
     * Forgets a batch that has ended.
     *
     * @return whether it could be: not while it is open
     */
    boolean forget(String batchId) {
        if (!open.take(batchId)) {
            return false;
        }
        try {
            // Its files are removed before the ledger is asked.
            database.checkNotLost();
            ledger.runs(batchId).forEach(run -> csv.drop(run.indexer(), batchId));
            exports.delete(batchId);
            people.delete(batchId);
            ledger.forget(batchId);
            return true;
        } finally {
            open.release(batchId);
        }
    }
}
