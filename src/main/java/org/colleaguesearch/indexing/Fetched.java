package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * A URL that was fetched: its section is a JSON array of objects, one for each item.
 *
 * @param section empty if its items are already written
 * @param written the items that are already written, or null
 * @param status the HTTP status of the last answer, or null if unknown
 */
public record Fetched(Call call, JsonNode section, WrittenItems written, Integer status, int attempts, int calls)
        implements Outcome {
    public Fetched(Call call, JsonNode section, Integer status, int attempts, int calls) {
        this(call, section, null, status, attempts, calls);
    }

    /** With one call for each attempt. */
    public Fetched(Call call, JsonNode section, Integer status, int attempts) {
        this(call, section, status, attempts, attempts);
    }

    /** With items that are already written. */
    Fetched(Call call, WrittenItems written, Integer status, int attempts, int calls) {
        this(call, JsonNodeFactory.instance.arrayNode(), written, status, attempts, calls);
    }

    /** The number of items. */
    public int items() {
        return written == null ? section.size() : written.count();
    }
}
