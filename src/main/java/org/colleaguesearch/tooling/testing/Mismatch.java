package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

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

    /**
     * A call of something outside that a case does not answer.
     *
     * @param answer what to write, for example
     */
    static Mismatch unanswered(RouteCase of, String node, String call, String answer) {
        return of(
                of.yaml(),
                "the step " + node + " " + call + ": say what it answers, such as answers: {" + node + ": [" + answer
                        + "]}");
    }

    /** A call of a step that has answers, for other calls. */
    static Mismatch unfit(RouteCase of, String node, String call) {
        return new Mismatch(
                of.yaml().get("answers").get(node).place().inLine(),
                "none of the answers of the step " + node
                        + " is for this call: mend the route, or 'for', or add an answer",
                Stream.concat(
                                of.answersOf(node).stream().map(answer -> "- for: " + answer.onlyFor()),
                                Stream.of("+ " + call))
                        .map(Diff::shortened)
                        .toList());
    }
}
