package org.colleaguesearch.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.http.MediaType;

/**
 * A route for each operation that responds with the message it received, as a stream if the response is a file, and sets
 * headers that must not reach the client.
 */
final class Echo extends RouteBuilder {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public void configure() {
        for (Operation operation : new ApiContract(List::of).operations()) {
            from("direct:" + operation.id())
                    .routeId(operation.id())
                    .routeConfigurationId("problems")
                    .process(exchange -> echo(operation, exchange));
        }
    }

    private static void echo(Operation operation, Exchange exchange) throws Exception {
        String body = exchange.getMessage().getBody(String.class);
        if (body != null && body.contains("fail as a route may")) {
            throw new IllegalStateException("secret of a route");
        }
        byte[] message = JSON.writeValueAsBytes(Map.of(
                "operation",
                operation.id(),
                "headers",
                new TreeMap<>(exchange.getMessage().getHeaders()),
                "virtual",
                Thread.currentThread().isVirtual(),
                "body",
                body == null ? "" : body));
        boolean isFile = operation.answers().stream().noneMatch(MediaType.APPLICATION_JSON::includes);
        exchange.getMessage().setBody(isFile ? new ByteArrayInputStream(message) : message);
        exchange.getMessage().setHeader("Content-Type", "application/json");
        exchange.getMessage().setHeader("Location", "/api/there");
        exchange.getMessage().setHeader("X-Internal", "secret");
        exchange.getMessage().setHeader("CamelHttpUri", "http://inside.test");
    }
}
