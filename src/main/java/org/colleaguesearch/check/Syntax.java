package org.colleaguesearch.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Holds a file against Camel's schema, and finds one problem a place at most. A validator of JSON schemas would name each
 * of some thirty alternatives that do not fit. For one thread.
 */
final class Syntax {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Pattern BOOLEAN = Pattern.compile("(?i)true|false");
    private static final String PLACEHOLDER = "{{";

    /** Steps of whose choices the schema says that one is to be made, and which do without. */
    private static final Set<String> FREE =
            Set.of("sort", "resequence", "serviceCall", "serviceCallConfiguration", "cachingServiceDiscovery");

    private static final Map<String, String> WRITTEN =
            Map.of("boolean", "true or false", "number", "a number", "array", "a list, whose items begin with '- '");

    private final List<Problem> problems = new ArrayList<>();

    private Syntax() {}

    static List<Problem> problems(Yaml file) {
        Syntax syntax = new Syntax();
        if (file instanceof Yaml.Items list) {
            list.items()
                    .forEach(item -> syntax.check(item, Shape.of(Shape.ofFile().items()), "the file", item.place()));
        } else {
            syntax.report(
                    file.place(),
                    "the file is to be a list: begin each route, template or the like with '- route:' and so on");
        }
        return syntax.problems;
    }

    private void report(Place place, String text) {
        problems.add(place.problem(text));
    }

    /**
     * Checks a value.
     *
     * @param name whose value it is, for messages
     * @param owner where that stands, for what is not there
     */
    private void check(Yaml value, Shape shape, String name, Place owner) {
        boolean isTaken =
                switch (value) {
                    case Yaml.Keys keys -> takes(shape, "object");
                    case Yaml.Items list -> takes(shape, "array");
                    case Yaml.Text text -> isText(shape) || text.isMissing();
                };
        if (!isTaken) {
            report(value.place(), "'" + name + "' takes " + taken(shape) + ", not " + kind(value));
            return;
        }
        switch (value) {
            case Yaml.Keys keys -> checkKeys(keys, shape, name, owner);
            case Yaml.Items list -> checkItems(list, shape, name);
            case Yaml.Text text -> checkText(text, shape, name, owner);
        }
    }

    private static boolean takes(Shape shape, String type) {
        return shape.types().isEmpty() || shape.types().contains(type);
    }

    private static boolean isText(Shape shape) {
        return takes(shape, "string") || takes(shape, "number") || takes(shape, "boolean");
    }

    private static String missing(Shape shape, String name) {
        return "'" + name + "' has no value: "
                + (takes(shape, "object") && shape.required().isEmpty()
                        ? "indent what belongs to it, or write {} for nothing"
                        : "give it " + taken(shape));
    }

    private static String taken(Shape shape) {
        if (isText(shape)) {
            return shape.types().stream()
                    .filter(WRITTEN::containsKey)
                    .map(WRITTEN::get)
                    .findFirst()
                    .orElse("a text");
        }
        return takes(shape, "array") ? WRITTEN.get("array") : "keys, one a line and indented";
    }

    private static String kind(Yaml value) {
        return switch (value) {
            case Yaml.Keys keys -> "keys";
            case Yaml.Items list -> "a list";
            case Yaml.Text text -> "'" + text.text() + "'";
        };
    }

    private void checkText(Yaml.Text text, Shape shape, String name, Place owner) {
        if (text.isMissing()) {
            report(owner, missing(shape, name));
        } else if (!fits(text.text(), shape)) {
            report(
                    text.place(),
                    "'" + name + "' takes "
                            + (shape.values().isEmpty()
                                    ? taken(shape) + ", not '" + text.text() + "'"
                                    : "no '" + text.text() + "'" + Nearest.remedy(text.text(), shape.values())));
        }
    }

    private static boolean fits(String text, Shape shape) {
        if (text.contains(PLACEHOLDER)) {
            return true;
        }
        return (shape.values().isEmpty() || shape.values().contains(text))
                && (takes(shape, "string")
                        || (takes(shape, "number") && NUMBER.matcher(text).matches())
                        || (takes(shape, "boolean") && BOOLEAN.matcher(text).matches()));
    }

    private void checkItems(Yaml.Items list, Shape shape, String name) {
        if (shape.items() != null) {
            Shape item = Shape.of(shape.items());
            list.items().forEach(value -> check(value, item, name, value.place()));
        }
    }

    private void checkKeys(Yaml.Keys keys, Shape shape, String name, Place owner) {
        Set<String> given = new TreeSet<>();
        for (Yaml.Entry entry : keys.entries()) {
            String key = entry.key().text();
            JsonNode known = shape.keys().get(key);
            if (shape.isSingle() && !given.isEmpty()) {
                report(
                        entry.key().place(),
                        "'" + key + "' stands in the item of '"
                                + keys.entries().get(0).key().text()
                                + "': begin it with '- ', or indent it as what belongs to that");
                return;
            }
            given.add(key);
            if (known != null) {
                check(entry.value(), Shape.of(known), key, entry.key().place());
            } else if (shape.isClosed()) {
                report(entry.key().place(), unknown(key, shape, name));
            }
        }
        checkComplete(given, shape, name, keys.entries().isEmpty() ? owner : atKey(owner, keys));
    }

    /** An item of a list has no key that it is the value of, so that what is missing is missed at its first key. */
    private static Place atKey(Place owner, Yaml.Keys keys) {
        return owner.equals(keys.place()) ? keys.entries().get(0).key().place() : owner;
    }

    private static String unknown(String key, Shape shape, String name) {
        String what = shape.isSingle() ? "there is no '" + key + "' in " : "unknown key '" + key + "' of ";
        return what
                + (name.equals("the file") ? name : "'" + name + "'")
                + Nearest.remedy(key, shape.keys().keySet());
    }

    /** Where a key is unknown, it may be what is missing. */
    private void checkComplete(Set<String> given, Shape shape, String name, Place owner) {
        if (shape.isClosed() && !shape.keys().keySet().containsAll(given)) {
            return;
        }
        for (String key : shape.required()) {
            if (!given.contains(key)) {
                report(owner, "'" + name + "' has no '" + key + "': add it");
            }
        }
        for (Set<String> choice : shape.choices()) {
            Set<String> chosen = new TreeSet<>(given);
            chosen.retainAll(choice);
            if (chosen.size() > 1) {
                report(owner, "'" + name + "' has " + String.join(" and ", chosen) + ": keep one of them");
            } else if (chosen.isEmpty()
                    && !FREE.contains(name)
                    && shape.keys().keySet().containsAll(given)) {
                report(owner, "'" + name + "' does not say what: give it " + offered(choice));
            }
        }
        if (shape.isSingle() && given.isEmpty()) {
            report(owner, "an item of '" + name + "' is empty: remove it");
        }
    }

    private static String offered(Set<String> choice) {
        return choice.contains("simple")
                ? "simple, method, constant, jq or another expression"
                : "one of " + String.join(", ", choice.stream().limit(12).toList());
    }
}
