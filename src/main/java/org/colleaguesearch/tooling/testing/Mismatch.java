package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * An expectation that is not met.
 *
 * @param place of the expectation: {@code file:line}
 * @param what it is about
 * @param lines the difference, {@code - expected} and {@code + actual}; may be empty
 */
record Mismatch(String place, String what, List<String> lines) {
    static Mismatch of(Part expectation, String what, JsonNode expected, JsonNode actual) {
        return new Mismatch(expectation.place().inLine(), what, Diff.of(Json.pretty(expected), Json.pretty(actual)));
    }

    static Mismatch of(Part expectation, String what) {
        return new Mismatch(expectation.place().inLine(), what, List.of());
    }

    /**
     * An external call that a case does not answer.
     *
     * @param answer an example of an answer to add
     */
    static Mismatch unanswered(RouteCase of, String node, String call, String answer) {
        return of(
                of.yaml(),
                "step " + node + " " + call + ", which has no answer; add one, such as answers: {" + node + ": ["
                        + answer + "]}");
    }

    /** A call that matches none of the step's answers. */
    static Mismatch unfit(RouteCase of, String node, String call) {
        return new Mismatch(
                of.yaml().get("answers").get(node).place().inLine(),
                "no answer of step " + node + " matches this call; fix the route or 'for', or add an answer",
                Stream.concat(
                                of.answersOf(node).stream().map(answer -> "- for: " + answer.onlyFor()),
                                Stream.of("+ " + call))
                        .map(Diff::shortened)
                        .toList());
    }
}
