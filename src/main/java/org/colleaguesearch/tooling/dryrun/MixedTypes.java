package org.colleaguesearch.tooling.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.JsonTypes;

/**
 * Fields with several types, such as a number for one person and a text for another. The index maps the first type that
 * it sees, and may reject sections with the others.
 */
final class MixedTypes {
    private MixedTypes() {}

    /** One line per field, with a person's id for each type. */
    static List<String> notes(String indexer, List<Fetched> all) {
        Map<String, Map<String, String>> fields = new TreeMap<>();
        all.forEach(fetched ->
                collect(indexer, fetched.section(), fetched.call().person().id(), fields));
        return fields.entrySet().stream()
                .filter(field -> field.getValue().size() > 1)
                .map(field -> "field '" + field.getKey() + "' has several types: "
                        + field.getValue().entrySet().stream()
                                .map(type -> type.getKey() + " (" + type.getValue() + ")")
                                .collect(Collectors.joining(", "))
                        + "; the index may reject all but one: convert it to one type in 'section' (jq: tostring)")
                .toList();
    }

    private static void collect(String path, JsonNode value, String id, Map<String, Map<String, String>> fields) {
        String type = JsonTypes.of(value);
        if (type != null) {
            fields.computeIfAbsent(path, field -> new TreeMap<>()).putIfAbsent(type, id);
        }
        value.properties()
                .forEach(property -> collect(path + "." + property.getKey(), property.getValue(), id, fields));
        if (value.isArray()) {
            value.forEach(element -> collect(path, element, id, fields));
        }
    }
}
