package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * A URL that was fetched: its section is a JSON array of objects, one for each item.
 *
 * @param section empty if its items are already written
 * @param written the items that are already written, or null
 * @param change what has become of the section since last time
 * @param validators how the API names this version of the section; null if it does not
 * @param status the HTTP status of the last answer, or null if unknown
 */
public record Fetched(
        Call call,
        JsonNode section,
        WrittenItems written,
        Change change,
        Validators validators,
        Integer status,
        int attempts,
        int calls)
        implements Outcome {
    /** What has become of a section since last time. */
    public enum Change {
        /** New, changed, or not known to the index: it is delivered. */
        CHANGED,
        /** As it was. */
        UNCHANGED,
        /** As it was, says the API, which has not sent it again. Its items are those of last time. */
        NOT_MODIFIED,
        /** Empty, although it had items. The items of last time stay until someone decides. */
        HELD
    }

    public Fetched(Call call, JsonNode section, Integer status, int attempts, int calls) {
        this(call, section, null, Change.CHANGED, null, status, attempts, calls);
    }

    /** With one call for each attempt. */
    public Fetched(Call call, JsonNode section, Integer status, int attempts) {
        this(call, section, status, attempts, attempts);
    }

    /** With items that are already written. */
    public static Fetched ofWritten(Call call, WrittenItems written, Integer status, int attempts, int calls) {
        return new Fetched(
                call, JsonNodeFactory.instance.arrayNode(), written, Change.CHANGED, null, status, attempts, calls);
    }

    /** The same after a comparison with the section of last time. */
    public Fetched with(Change found, JsonNode items) {
        return new Fetched(call, items, written, found, validators, status, attempts, calls);
    }

    /** With the validators in the responses; null for none. */
    public Fetched with(Validators known) {
        return new Fetched(call, section, written, change, known, status, attempts, calls);
    }

    /** Whether the section goes to the index. */
    public boolean isChanged() {
        return change == Change.CHANGED;
    }

    public boolean isHeld() {
        return change == Change.HELD;
    }

    /** The number of items. */
    public int items() {
        return written == null ? section.size() : written.count();
    }
}
