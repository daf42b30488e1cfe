package org.colleaguesearch.tooling.yaml;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A value of a YAML file, and where it stands. Immutable. */
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

    /** A text, or the texts of a list. */
    static Stream<Text> texts(Yaml value) {
        return switch (value) {
            case Text text -> Stream.of(text);
            case Items list -> list.items().stream().flatMap(Yaml::texts);
            case Keys keys -> Stream.of();
        };
    }

    /**
     * Whatever is no list and has no keys; {@code isPlain}: it is written without quotes; {@code block}: where its first
     * letter stands, of a text that is written below {@code |}, else null.
     */
    record Text(Place place, String text, boolean isPlain, Place block) implements Yaml {
        public Text(Place place, String text, boolean isPlain) {
            this(place, text, isPlain, null);
        }

        /** Where a letter of it stands, of a block; else where all of it does. Line and column count from 1. */
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

    /** Keys with their values, in the order of the file. */
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

        /** Those items of a list that have keys; none where there is no list. */
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
