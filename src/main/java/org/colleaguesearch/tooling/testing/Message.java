package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.colleaguesearch.settings.Jq;

/**
 * A message to compare with an expectation: the input of a step or the answer of a route.
 *
 * @param of its description for users, such as {@code the answer}
 */
record Message(
        String of, JsonNode body, Map<String, Object> headers, Map<String, Object> variables, List<String> http) {
    static Message of(String of, StepCall arrival) {
        return new Message(of, arrival.body(), arrival.headers(), arrival.variables(), arrival.http());
    }

    /** The differences from the expectation. */
    List<Mismatch> against(Part expected) {
        List<Mismatch> mismatches = new ArrayList<>();
        if (Body.isIn(expected)) {
            compare(Body.of(expected), "the body of " + of, Body.read(expected), body, mismatches);
        }
        for (Part part : expected.get("json").fields()) {
            compare(part, part.key() + " in the body of " + of, part.value(), taken(part.key()), mismatches);
        }
        Map<String, Object> any = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        any.putAll(headers);
        for (Part header : expected.get("headers").fields()) {
            Object value = any.get(header.key());
            compare(
                    header,
                    "the header " + header.key() + " of " + of,
                    header.text() == null ? NullNode.getInstance() : Json.text(header.text()),
                    value == null ? NullNode.getInstance() : Json.text(Json.compact(Json.of(value))),
                    mismatches);
        }
        for (Part variable : expected.get("variables").fields()) {
            JsonNode value = Json.of(variables.get(variable.key()));
            compare(variable, "the variable " + variable.key() + " of " + of, variable.value(), value, mismatches);
        }
        if (expected.has("http")) {
            compare(
                    expected.get("http"),
                    "the HTTP calls of " + of,
                    expected.get("http").value(),
                    Json.of(http),
                    mismatches);
        }
        return mismatches;
    }

    private JsonNode taken(String expression) {
        try {
            return Jq.valueOf(expression).apply(Json.plain(Json.parsed(body)));
        } catch (JsonQueryException | IllegalArgumentException e) {
            return Json.text("(cannot evaluate: " + e.getMessage() + ")");
        }
    }

    /** Compares a text with a text, and anything else as JSON. */
    private static void compare(
            Part place, String what, JsonNode expected, JsonNode actual, List<Mismatch> mismatches) {
        JsonNode wanted = Json.plain(expected);
        JsonNode got = Json.plain(expected.isTextual() ? Json.text(Json.compact(actual)) : Json.parsed(actual));
        if (!wanted.equals(got)) {
            mismatches.add(Mismatch.of(place, what, wanted, actual.isTextual() ? got : Json.plain(actual)));
        }
    }
}
