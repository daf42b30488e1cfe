package org.colleaguesearch.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Says in messages what a JSON value is, without its content, which may be personal. */
public final class JsonShape {
    private static final int MOST_KEYS = 10;

    private JsonShape() {}

    public static String of(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> value.isEmpty() ? "an empty object" : "an object with " + keys(value);
            case ARRAY -> value.isEmpty() ? "an empty list" : "a list";
            case STRING -> value.textValue().isEmpty() ? "an empty text" : "a text";
            case NULL, MISSING -> "null";
            case BOOLEAN -> value.asText();
            default -> "a number";
        };
    }

    private static String keys(JsonNode value) {
        return StreamSupport.stream(((Iterable<String>) value::fieldNames).spliterator(), false)
                .limit(MOST_KEYS)
                .map(key -> "'" + key + "'")
                .collect(Collectors.joining(", "));
    }
}
