package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A URL that gave its section: a JSON array of objects, one an item.
 *
 * @param status the HTTP status of the last answer, or null where it is not known
 */
public record Fetched(Call call, JsonNode section, Integer status, int attempts, int calls) implements Outcome {
    /** With one call an attempt. */
    public Fetched(Call call, JsonNode section, Integer status, int attempts) {
        this(call, section, status, attempts, attempts);
    }
}
