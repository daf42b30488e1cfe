package org.colleaguesearch.testing;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** A value of a YAML file, which may be missing, and where it stands. */
record Yaml(YamlFile file, JsonPointer at) {
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

    Yaml get(String name) {
        return new Yaml(file, at.appendProperty(name));
    }

    boolean has(String name) {
        return value().has(name);
    }

    /** The last part of the way to it: its key. */
    String key() {
        return at.last().getMatchingProperty();
    }

    /** What a map has. */
    List<Yaml> fields() {
        return StreamSupport.stream(value().properties().spliterator(), false)
                .map(field -> get(field.getKey()))
                .toList();
    }

    /** What a list has. */
    List<Yaml> items() {
        return IntStream.range(0, value().isArray() ? value().size() : 0)
                .mapToObj(i -> new Yaml(file, at.appendIndex(i)))
                .toList();
    }

    /** {@code file:line:column}. */
    String place() {
        return file.place(at);
    }

    UnreadableTest wrong(String problem) {
        return new UnreadableTest(place() + ": " + problem);
    }
}
