package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * A URL that gave its section: a JSON array of objects, one an item.
 *
 * @param section empty where its items are written already
 * @param written these, or null
 * @param status the HTTP status of the last answer, or null where it is not known
 */
public record Fetched(Call call, JsonNode section, WrittenItems written, Integer status, int attempts, int calls)
        implements Outcome {
    public Fetched(Call call, JsonNode section, Integer status, int attempts, int calls) {
        this(call, section, null, status, attempts, calls);
    }

    /** With one call an attempt. */
    public Fetched(Call call, JsonNode section, Integer status, int attempts) {
        this(call, section, status, attempts, attempts);
    }

    /** Whose items are written already. */
    Fetched(Call call, WrittenItems written, Integer status, int attempts, int calls) {
        this(call, JsonNodeFactory.instance.arrayNode(), written, status, attempts, calls);
    }

    /** The number of its items. */
    public int items() {
        return written == null ? section.size() : written.count();
    }
}
