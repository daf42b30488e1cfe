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
    static Mismatch of(Yaml expectation, String what, JsonNode expected, JsonNode actual) {
        return new Mismatch(
                YamlFile.line(expectation.place()), what, Diff.of(Json.pretty(expected), Json.pretty(actual)));
    }

    static Mismatch of(Yaml expectation, String what) {
        return new Mismatch(YamlFile.line(expectation.place()), what, List.of());
    }
}
