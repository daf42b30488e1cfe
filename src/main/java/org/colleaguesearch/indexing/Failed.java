package org.colleaguesearch.indexing;

/**
 * A URL that gave no section, or whose section was not delivered.
 *
 * @param reason one line for a person to read
 * @param status the HTTP status of the last answer, or null where there was none
 */
public record Failed(Call call, String reason, Integer status, int attempts, int calls) implements Outcome {
    /** With one call an attempt. */
    public Failed(Call call, String reason, Integer status, int attempts) {
        this(call, reason, status, attempts, attempts);
    }
}
