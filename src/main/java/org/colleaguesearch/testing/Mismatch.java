package org.colleaguesearch.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * An expectation that is not met.
 *
 * @param place where it is written: {@code file:line}
 * @param what it is about
 * @param lines what differs, {@code - expected} and {@code + actual}; may be empty
 */
record Mismatch(String place, String what, List<String> lines) {
    static Mismatch of(Part expectation, String what, JsonNode expected, JsonNode actual) {
        return new Mismatch(expectation.place().inLine(), what, Diff.of(Json.pretty(expected), Json.pretty(actual)));
    }

    static Mismatch of(Part expectation, String what) {
        return new Mismatch(expectation.place().inLine(), what, List.of());
    }
}
