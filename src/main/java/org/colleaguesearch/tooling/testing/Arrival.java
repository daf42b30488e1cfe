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
 * A call of a step: what came to it, as it was then. Only the HTTP calls that the step makes are added while it runs, by
 * its own threads.
 *
 * @param within the step that it is in, in the same route or in one that calls it; null: none
 * @param body null where nobody asks
 * @param http as {@code GET https://…}
 */
record Arrival(
        String node,
        Arrival within,
        JsonNode body,
        Map<String, Object> headers,
        Map<String, Object> variables,
        List<String> http) {
    /** The exchange property that has the step which an exchange is in. */
    private static final String STEP = "org.colleaguesearch.tooling.testing.step";

    /** Notes what comes to a step, if anybody asks. */
    static Arrival of(String node, Exchange exchange, boolean isAsked) {
        Arrival within = exchange.getProperty(STEP, Arrival.class);
        Arrival arrival = isAsked
                ? new Arrival(
                        node,
                        within,
                        body(exchange),
                        copy(exchange.getMessage().getHeaders()),
                        copy(exchange.getVariables()),
                        new CopyOnWriteArrayList<>())
                : new Arrival(node, within, null, Map.of(), Map.of(), new CopyOnWriteArrayList<>());
        exchange.setProperty(STEP, arrival);
        return arrival;
    }

    /** The step has ended. */
    void leave(Exchange exchange) {
        exchange.setProperty(STEP, within);
    }

    /** The step and those that it is in, innermost first. */
    Stream<Arrival> outwards() {
        return Stream.iterate(this, Objects::nonNull, Arrival::within);
    }

    private static Map<String, Object> copy(Map<String, Object> map) {
        return Collections.unmodifiableMap(new HashMap<>(map));
    }

    /** What a message holds; a stream is read, and replaced by what it had. */
    static JsonNode body(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof InputStream || body instanceof Reader) {
            byte[] content = exchange.getMessage().getBody(byte[].class);
            exchange.getMessage().setBody(new ByteArrayInputStream(content));
            return Json.of(content);
        }
        return Json.of(body);
    }

    /** What an answer's {@code for} is looked for in. */
    String text() {
        return body == null ? "" : Json.compact(body) + "\n" + headers.getOrDefault("CamelHttpUri", "");
    }
}
