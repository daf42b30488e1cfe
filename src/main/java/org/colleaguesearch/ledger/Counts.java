package org.colleaguesearch.ledger;

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
 */
public record Counts(long urls, long documents, long rows, long errors, long calls) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    /** The counts of a chunk whose sections were indexed, written as rows, or both. */
    public static Counts of(ChunkOutcomes chunk, boolean indexed, boolean written) {
        long fetched = chunk.fetched().count();
        long rows = chunk.fetched().mapToLong(Fetched::items).sum();
        long calls = chunk.outcomes().stream().mapToLong(Outcome::calls).sum();
        long urls = chunk.outcomes().size();
        return new Counts(urls, indexed ? fetched : 0, written ? rows : 0, urls - fetched, calls);
    }

    /** The change of the counts, if all URLs had failed before. */
    public Counts afterFailure() {
        return new Counts(0, documents, rows, errors - urls, calls);
    }

    /** Whether at least half of the URLs failed. */
    public boolean isMostlyErrors() {
        return errors > 0 && 2 * errors >= urls;
    }

    public Counts plus(Counts other) {
        return new Counts(
                urls + other.urls,
                documents + other.documents,
                rows + other.rows,
                errors + other.errors,
                calls + other.calls);
    }
}
