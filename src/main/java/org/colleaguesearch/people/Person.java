package org.colleaguesearch.people;

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;

/**
 * A colleague, as listed by an API, a file or a database. {@code id} is any unique text; {@code name} need not be
 * unique.
 *
 * @param fields further texts that are named in {@code colleagues.people.fields}; those that the person lacks are missing
 */
public record Person(String id, String name, Map<String, String> fields) implements Serializable {
    public Person {
        fields = Map.copyOf(fields);
    }

    public Person(String id, String name) {
        this(id, name, Map.of());
    }

    /** The value for a variable of a URL or body: {@code id}, {@code name} or one of the fields. */
    public Optional<String> value(String variable) {
        return switch (variable) {
            case "id" -> Optional.of(id);
            case "name" -> Optional.of(name);
            default -> Optional.ofNullable(fields.get(variable));
        };
    }
}
