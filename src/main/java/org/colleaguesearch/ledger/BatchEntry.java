package org.colleaguesearch.ledger;

import java.time.Instant;

/**
 * A batch in the ledger.
 *
 * @param people the number of people, or null until all are listed
 * @param error why the batch is not completed, or null
 * @param isFull whether it reads and delivers everything, changed or not
 */
public record BatchEntry(String id, State state, Integer people, Instant began, String error, boolean isFull) {}
