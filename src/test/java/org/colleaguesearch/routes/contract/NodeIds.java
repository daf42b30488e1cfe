package org.colleaguesearch.routes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.stream.Stream;

/** Each node that calls, splits or delivers has an id. */
final class NodeIds {
    private static final Set<String> SEAMS = Set.of(
            "to",
            "toD",
            "wireTap",
            "recipientList",
            "routingSlip",
            "dynamicRouter",
            "enrich",
            "pollEnrich",
            "poll",
            "bean",
            "process",
            "split",
            "multicast",
            "aggregate",
            "loop",
            "marshal",
            "unmarshal",
            "script",
            "onException");

    private NodeIds() {}

    static Stream<String> problems(RouteFiles files) {
        return files.fields()
                .filter(field -> SEAMS.contains(field.name()) && isNode(field.value()))
                .filter(field -> field.value().path("id").asText().isBlank())
                .map(field -> field.in().file().path() + ": a node '" + field.name() + "' of "
                        + field.in().name() + " has no id");
    }

    /** {@code to: direct:x} is one, too; {@code onException: […]} is the list around them. */
    private static boolean isNode(JsonNode value) {
        return value.isObject() || value.isTextual();
    }
}
