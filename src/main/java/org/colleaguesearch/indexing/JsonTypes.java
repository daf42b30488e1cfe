package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** The types of JSON values, in the words of messages. As in an index, a list is what its elements are. */
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

    /** Adds the types that a field has, by its path with dots, in a value or in the elements of a list. */
    public static void in(JsonNode value, String path, Set<String> types) {
        if (value.isArray()) {
            value.forEach(element -> in(element, path, types));
        } else if (path.isEmpty()) {
            String type = of(value);
            if (type != null) {
                types.add(type);
            }
        } else {
            // A name may have dots itself.
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
