package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;

/** A URL that gave its section: a JSON array of objects, one an item. */
public record Fetched(Call call, JsonNode section, int attempts, int calls) implements Outcome {
    /** With one call an attempt. */
    public Fetched(Call call, JsonNode section, int attempts) {
        this(call, section, attempts, attempts);
    }
}
