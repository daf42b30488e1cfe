package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.Exchange;

/**
 * A call of a step, with a snapshot of its message. Only {@code http} grows while the step runs, from the step's
 * threads.
 *
 * @param within the enclosing step, in the same route or in a calling one; null: none
 * @param body null if the case does not ask for it
 * @param http the HTTP calls that the step makes, as {@code GET https://…}
 */
record StepCall(
        String node,
        StepCall within,
        JsonNode body,
        Map<String, Object> headers,
        Map<String, Object> variables,
        List<String> http) {
    /** The exchange property with the current step. */
    private static final String STEP = "org.colleaguesearch.tooling.testing.step";

    /** Records a call of a step, with its message if the case asks for it. */
    static StepCall of(String node, Exchange exchange, boolean isAsked) {
        StepCall within = exchange.getProperty(STEP, StepCall.class);
        StepCall arrival = isAsked
                ? new StepCall(
                        node,
                        within,
                        body(exchange),
                        copy(exchange.getMessage().getHeaders()),
                        copy(exchange.getVariables()),
                        new CopyOnWriteArrayList<>())
                : new StepCall(node, within, null, Map.of(), Map.of(), new CopyOnWriteArrayList<>());
        exchange.setProperty(STEP, arrival);
        return arrival;
    }

    /** Records that the step has finished. */
    void leave(Exchange exchange) {
        exchange.setProperty(STEP, within);
    }

    /** The step and its enclosing steps, innermost first. */
    Stream<StepCall> outwards() {
        return Stream.iterate(this, Objects::nonNull, StepCall::within);
    }

    private static Map<String, Object> copy(Map<String, Object> map) {
        return Collections.unmodifiableMap(new HashMap<>(map));
    }

    /** The message body; a stream is read and replaced by its content. */
    static JsonNode body(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof InputStream || body instanceof Reader) {
            byte[] content = exchange.getMessage().getBody(byte[].class);
            exchange.getMessage().setBody(new ByteArrayInputStream(content));
            return Json.of(content);
        }
        return Json.of(body);
    }

    /** The text that is searched for an answer's {@code for}. */
    String text() {
        return body == null ? "" : Json.compact(body) + "\n" + headers.getOrDefault("CamelHttpUri", "");
    }
}
