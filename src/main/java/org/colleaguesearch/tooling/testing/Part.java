package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.colleaguesearch.tooling.yaml.Place;

/** A value in a test file, possibly missing, with its place. */
record Part(YamlFile file, JsonPointer at) {
    JsonNode value() {
        return file.tree().at(at);
    }

    boolean isThere() {
        return !value().isMissingNode();
    }

    /** Its text, or null if it has none. */
    String text() {
        return value().isValueNode() && !value().isNull() ? value().asText() : null;
    }

    Part get(String name) {
        return new Part(file, at.appendProperty(name));
    }

    boolean has(String name) {
        return value().has(name);
    }

    /** The last segment of its path: its key. */
    String key() {
        return at.last().getMatchingProperty();
    }

    /** The entries of a map. */
    List<Part> fields() {
        return StreamSupport.stream(value().properties().spliterator(), false)
                .map(field -> get(field.getKey()))
                .toList();
    }

    /** The items of a list. */
    List<Part> items() {
        return IntStream.range(0, value().isArray() ? value().size() : 0)
                .mapToObj(i -> new Part(file, at.appendIndex(i)))
                .toList();
    }

    /** Its place; if it is missing, that of its parent. */
    Place place() {
        return file.place(at);
    }

    UnreadableTest wrong(String problem) {
        return new UnreadableTest(List.of(place().problem(problem)));
    }
}
