package org.colleaguesearch.tooling.check;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.util.StringHelper;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/** The values that a key accepts. */
record ValueRule(String name, Shape shape) {
    private static final Map<String, String> DESCRIPTIONS = Map.of(
            "boolean", "true or false",
            "number", "a number",
            "array", "a list, with items that start with '- '",
            "object", "indented keys, one per line");

    /**
     * The problem of a value, without its contents.
     *
     * @param owner the place of the key, for a missing value
     */
    Optional<Problem> problem(Yaml value, Place owner) {
        return switch (value) {
            case Yaml.Keys keys -> accepts("object") ? Optional.empty() : Optional.of(invalid(keys, "keys"));
            case Yaml.Items list -> accepts("array") ? Optional.empty() : Optional.of(invalid(list, "a list"));
            case Yaml.Text text -> problem(text, owner);
        };
    }

    private Optional<Problem> problem(Yaml.Text text, Place owner) {
        boolean isNull = name.equals("constant") && !text.text().isEmpty();
        if (text.isMissing() && !isNull) {
            return Optional.of(owner.problem("'" + name + "' has no value: "
                    + (accepts("object") && shape.required().isEmpty()
                            ? "indent its keys below it, or write {} for none"
                            : "add " + expected())));
        }
        if (acceptsWords() || (text.text().contains("{{") && acceptsText()) || fits(text.text())) {
            return Optional.empty();
        }
        return Optional.of(
                acceptsText() && !shape.values().isEmpty()
                        ? text.place()
                                .problem("invalid value '" + text.text() + "' of '" + name + "'"
                                        + Nearest.remedy(text.text(), shape.values()))
                        : invalid(text, "'" + text.text() + "'"));
    }

    private Problem invalid(Yaml value, String found) {
        return value.place()
                .problem((name.equals(Syntax.FILE) ? "an item of the file" : "'" + name + "'") + ": expected "
                        + expected() + ", not " + found);
    }

    private String expected() {
        String type = acceptsText()
                ? shape.types().stream()
                        .filter(Set.of("boolean", "number")::contains)
                        .findFirst()
                        .orElse("")
                : accepts("array") ? "array" : "object";
        return DESCRIPTIONS.getOrDefault(type, "a string");
    }

    private boolean accepts(String type) {
        return shape.types().isEmpty() || shape.types().contains(type);
    }

    /** Camel splits a string at spaces where it expects a list of strings. */
    private boolean acceptsWords() {
        return accepts("array")
                && shape.items() != null
                && Shape.of(shape.items()).types().equals(Set.of("string"));
    }

    private boolean acceptsText() {
        return accepts("string") || accepts("number") || accepts("boolean");
    }

    /** Camel accepts enum values in any case, and with dashes. */
    private boolean fits(String text) {
        String constant = StringHelper.asEnumConstantValue(text);
        return (shape.values().isEmpty()
                        || shape.values().stream()
                                .anyMatch(value -> value.equalsIgnoreCase(text) || value.equalsIgnoreCase(constant)))
                && (accepts("string")
                        || (accepts("number") && text.matches("-?\\d+(\\.\\d+)?"))
                        || (accepts("boolean") && text.matches("(?i)true|false")));
    }
}
