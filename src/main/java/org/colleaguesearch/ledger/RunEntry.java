package org.colleaguesearch.ledger;

/**
 * A run as the ledger has it.
 *
 * @param chunkSize people a chunk, which a run keeps when the setting changes
 * @param counts of its chunks that are done
 * @param error why it is not completed, or null
 */
public record RunEntry(String batchId, String indexer, State state, int chunkSize, Counts counts, String error) {}
