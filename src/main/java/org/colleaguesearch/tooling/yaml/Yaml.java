package org.colleaguesearch.tooling.yaml;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A value of a YAML file, and its place. Immutable. */
public sealed interface Yaml {
    Place place();

    /** The text of an expression: {@code simple: {expression: x}} is {@code simple: x}. */
    static Stream<Text> expression(Yaml value) {
        return switch (value) {
            case Text text -> Stream.of(text);
            case Keys keys -> keys.text("expression").stream();
            case Items list -> Stream.of();
        };
    }

    /** The text itself, or the texts of a list. */
    static Stream<Text> texts(Yaml value) {
        return switch (value) {
            case Text text -> Stream.of(text);
            case Items list -> list.items().stream().flatMap(Yaml::texts);
            case Keys keys -> Stream.of();
        };
    }

    /**
     * A scalar.
     *
     * @param isPlain whether it is written without quotes
     * @param block the place of the first character of a block scalar ({@code |}), otherwise null
     */
    record Text(Place place, String text, boolean isPlain, Place block) implements Yaml {
        public Text(Place place, String text, boolean isPlain) {
            this(place, text, isPlain, null);
        }

        /** The place of a character of a block scalar; of any other scalar, its start. Line and column count from 1. */
        public Place at(int line, int column) {
            return block == null
                    ? place
                    : new Place(place.file(), block.line() + line - 1, block.column() + column - 1);
        }

        public boolean isMissing() {
            return isPlain && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    /** A list. */
    record Items(Place place, List<Yaml> items) implements Yaml {}

    /** A mapping, in the order of the file. */
    record Keys(Place place, List<Entry> entries) implements Yaml {
        public List<String> names() {
            return entries.stream().map(entry -> entry.key().text()).toList();
        }

        public Optional<Yaml> value(String key) {
            return entries.stream()
                    .filter(entry -> entry.key().text().equals(key))
                    .map(Entry::value)
                    .findFirst();
        }

        public Optional<Text> text(String key) {
            return value(key).filter(Text.class::isInstance).map(Text.class::cast);
        }

        public Optional<Keys> keys(String key) {
            return value(key).filter(Keys.class::isInstance).map(Keys.class::cast);
        }

        /** The items of a list that are mappings; none if the value is not a list. */
        public List<Keys> items(String key) {
            return value(key)
                    .filter(Items.class::isInstance)
                    .map(list -> ((Items) list)
                            .items().stream()
                                    .filter(Keys.class::isInstance)
                                    .map(Keys.class::cast)
                                    .toList())
                    .orElse(List.of());
        }
    }

    /** A key and its value. */
    record Entry(Text key, Yaml value) {}
}
