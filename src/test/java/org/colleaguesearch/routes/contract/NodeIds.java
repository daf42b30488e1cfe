package org.colleaguesearch.routes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.routes.contract.RouteFile.Declaration;
import org.colleaguesearch.routes.contract.RouteFile.Field;

/** Each node that calls, splits or delivers has an id, and no two of all files have the same. */
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
        return Stream.concat(missing(files), twice(files));
    }

    private static Stream<String> missing(RouteFiles files) {
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

    private static Stream<String> twice(RouteFiles files) {
        Map<String, List<String>> places = new HashMap<>();
        files.files().stream()
                .flatMap(RouteFile::declarations)
                .forEach(declaration -> ids(declaration)
                        .forEach(id -> places.computeIfAbsent(id, key -> new ArrayList<>())
                                .add(declaration.file().path().toString())));
        return places.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .map(entry -> "the id " + entry.getKey() + " is used more than once, in "
                        + String.join(", ", entry.getValue()));
    }

    private static Stream<String> ids(Declaration declaration) {
        return RouteFile.fields(declaration)
                .filter(field -> field.name().equals("id")
                        // The route of a rest declaration has the same as the declaration.
                        || (field.name().equals("routeId")
                                && !declaration.kind().equals("rest")))
                .map(Field::value)
                .map(JsonNode::asText);
    }
}
