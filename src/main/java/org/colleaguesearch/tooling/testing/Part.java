package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.colleaguesearch.tooling.yaml.Place;

/** A value of a test file, which may be missing, and where it stands. */
record Part(YamlFile file, JsonPointer at) {
    JsonNode value() {
        return file.tree().at(at);
    }

    boolean isThere() {
        return !value().isMissingNode();
    }

    /** Its text, or null where there is none. */
    String text() {
        return value().isValueNode() && !value().isNull() ? value().asText() : null;
    }

    Part get(String name) {
        return new Part(file, at.appendProperty(name));
    }

    boolean has(String name) {
        return value().has(name);
    }

    /** The last part of the way to it: its key. */
    String key() {
        return at.last().getMatchingProperty();
    }

    /** What a map has. */
    List<Part> fields() {
        return StreamSupport.stream(value().properties().spliterator(), false)
                .map(field -> get(field.getKey()))
                .toList();
    }

    /** What a list has. */
    List<Part> items() {
        return IntStream.range(0, value().isArray() ? value().size() : 0)
                .mapToObj(i -> new Part(file, at.appendIndex(i)))
                .toList();
    }

    /** Where it stands, or what would hold it. */
    Place place() {
        return file.place(at);
    }

    UnreadableTest wrong(String problem) {
        return new UnreadableTest(List.of(place().problem(problem)));
    }
}
