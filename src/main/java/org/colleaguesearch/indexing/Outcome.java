package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;

/** What became of one URL: its section, or why there is none. Every URL of a run ends as exactly one outcome. */
public sealed interface Outcome permits Fetched, Failed {
    Call call();

    /** How often the URL was called; 0 if its chunk was quarantined. */
    int attempts();

    /** How many calls were made: more than attempts if the section has several pages. */
    int calls();

    /** The outcome of a section as its indexer extracted it: a failure unless it is a list of objects that can be written. */
    static Outcome of(Call call, JsonNode section, Integer status, int attempts, int calls) {
        boolean isListOfObjects = section.isArray()
                && StreamSupport.stream(section.spliterator(), false).allMatch(JsonNode::isObject);
        if (!isListOfObjects) {
            return new Failed(call, "the section is not a list of objects: check 'section'", status, attempts, calls);
        }
        return Unwritable.in(section)
                .<Outcome>map(reason -> new Failed(call, reason, status, attempts, calls))
                .orElseGet(() -> new Fetched(call, section, status, attempts, calls));
    }
}
