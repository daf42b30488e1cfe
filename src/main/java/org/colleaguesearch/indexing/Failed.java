package org.colleaguesearch.indexing;

/**
 * A URL that failed, or whose section could not be delivered.
 *
 * @param reason one line for users
 * @param status the HTTP status of the last answer, or null if there was none
 */
public record Failed(Call call, String reason, Integer status, int attempts, int calls) implements Outcome {
    /** With one call for each attempt. */
    public Failed(Call call, String reason, Integer status, int attempts) {
        this(call, reason, status, attempts, attempts);
    }
}
