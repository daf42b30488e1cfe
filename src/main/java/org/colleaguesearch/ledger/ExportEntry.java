package org.colleaguesearch.ledger;

import java.time.Instant;

/**
 * An export in the ledger.
 *
 * @param caller the name of the API key that created it
 * @param digest identifies the accepted request, to recognise a repetition
 * @param urls the number of URLs
 * @param counts of its done chunks
 * @param ended when it ended or paused, or null
 * @param error why it is not completed, or null
 */
public record ExportEntry(
        String batchId,
        String caller,
        String jobId,
        String digest,
        State state,
        int urls,
        Counts counts,
        Instant accepted,
        Instant ended,
        String error) {}
