package org.colleaguesearch.ledger;

import java.time.Instant;

/**
 * A batch as the ledger has it.
 *
 * @param people their number, or null while they are not all listed
 * @param error why it is not completed, or null
 */
public record BatchEntry(String id, State state, Integer people, Instant began, String error) {}
