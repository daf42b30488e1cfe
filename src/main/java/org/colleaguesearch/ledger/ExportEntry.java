package org.colleaguesearch.ledger;

import java.time.Instant;

/**
 * An export as the ledger has it.
 *
 * @param caller the name of the API key whose it is
 * @param digest by which a request is known to be the same as the one that it was accepted with
 * @param urls their number
 * @param counts of its chunks that are done
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
