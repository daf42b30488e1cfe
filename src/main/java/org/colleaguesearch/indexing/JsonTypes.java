package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Names the types of JSON values for messages. As in an index, a list has the type of its elements. */
public final class JsonTypes {
    public static final String OBJECT = "an object";

    private JsonTypes() {}

    /** The type of a value; null for null and lists. */
    public static String of(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case OBJECT -> OBJECT;
            default -> null;
        };
    }

    /** Adds the types of a field, given by its dotted path, in a value or in the elements of a list. */
    public static void in(JsonNode value, String path, Set<String> types) {
        if (value.isArray()) {
            value.forEach(element -> in(element, path, types));
        } else if (path.isEmpty()) {
            String type = of(value);
            if (type != null) {
                types.add(type);
            }
        } else {
            // Field names can contain dots.
            value.properties().forEach(property -> {
                if (path.equals(property.getKey())) {
                    in(property.getValue(), "", types);
                } else if (path.startsWith(property.getKey() + ".")) {
                    in(property.getValue(), path.substring(property.getKey().length() + 1), types);
                }
            });
        }
    }
}
