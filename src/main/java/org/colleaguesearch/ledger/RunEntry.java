package org.colleaguesearch.ledger;

/**
 * A run in the ledger.
 *
 * @param chunkSize people per chunk; a run keeps it when the setting changes
 * @param counts of its done chunks
 * @param error why it is not completed, or null
 */
public record RunEntry(String batchId, String indexer, State state, int chunkSize, Counts counts, String error) {}
