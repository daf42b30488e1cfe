package org.colleaguesearch.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;

/**
 * The counts of a run or chunk.
 *
 * @param urls URLs that have an outcome
 * @param documents sections that OpenSearch has accepted
 * @param rows CSV rows written
 * @param errors URLs whose section was not delivered
 * @param calls calls to the API
 * @param unchanged URLs whose section is as it was, and was not sent to OpenSearch again
 * @param held URLs whose outcome the guard keeps back
 */
public record Counts(long urls, long documents, long rows, long errors, long calls, long unchanged, long held) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    /** Counts where nothing is compared with the sections of last time. */
    public Counts(long urls, long documents, long rows, long errors, long calls) {
        this(urls, documents, rows, errors, calls, 0, 0);
    }

    /** Those in the columns of {@code counted_run}. */
    static Counts of(ResultSet row) throws SQLException {
        return new Counts(
                row.getLong("urls"),
                row.getLong("documents"),
                row.getLong("csv_rows"),
                row.getLong("errors"),
                row.getLong("calls"),
                row.getLong("unchanged"),
                row.getLong("held"));
    }

    /** The counts of a chunk whose sections were indexed, written as rows, or both. */
    public static Counts of(ChunkOutcomes chunk, boolean indexed, boolean written) {
        long fetched = chunk.fetched().count();
        long rows = chunk.fetched().mapToLong(Fetched::items).sum();
        long calls = chunk.outcomes().stream().mapToLong(Outcome::calls).sum();
        long urls = chunk.outcomes().size();
        long changed = chunk.fetched().filter(Fetched::isChanged).count();
        long held = chunk.fetched().filter(Fetched::isHeld).count();
        return new Counts(
                urls, indexed ? changed : 0, written ? rows : 0, urls - fetched, calls, fetched - changed - held, held);
    }

    /** The change of the counts, if all URLs had failed before. */
    public Counts afterFailure() {
        return new Counts(0, documents, rows, errors - urls, calls, unchanged, held);
    }

    /**
     * The change of the counts, if all outcomes had been held before.
     *
     * @param rowsBefore the rows that were written for them
     */
    public Counts afterHold(long rowsBefore) {
        return new Counts(0, documents, rows - rowsBefore, errors, 0, unchanged, held - urls);
    }

    /** Whether at least this share of the URLs failed. */
    public boolean hasFailed(double share) {
        return errors > 0 && errors >= share * urls;
    }

    public Counts plus(Counts other) {
        return new Counts(
                urls + other.urls,
                documents + other.documents,
                rows + other.rows,
                errors + other.errors,
                calls + other.calls,
                unchanged + other.unchanged,
                held + other.held);
    }
}
