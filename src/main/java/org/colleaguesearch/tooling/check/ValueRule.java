package org.colleaguesearch.tooling.check;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.util.StringHelper;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Which values a key takes, and what is said of one that it does not take. */
record ValueRule(String name, Shape shape) {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Pattern BOOLEAN = Pattern.compile("(?i)true|false");
    private static final String PLACEHOLDER = "{{";

    private static final Map<String, String> WRITTEN =
            Map.of("boolean", "true or false", "number", "a number", "array", "a list, whose items begin with '- '");

    /**
     * What is wrong with a value itself; what is in it is not looked at.
     *
     * @param owner where the key stands, for a value that is not there
     */
    Optional<Problem> problem(Yaml value, Place owner) {
        return switch (value) {
            case Yaml.Keys keys -> takes("object") ? Optional.empty() : Optional.of(other(keys, "keys"));
            case Yaml.Items list -> takes("array") ? Optional.empty() : Optional.of(other(list, "a list"));
            case Yaml.Text text -> problem(text, owner);
        };
    }

    private Optional<Problem> problem(Yaml.Text text, Place owner) {
        boolean isNothing = name.equals("constant") && !text.text().isEmpty();
        if (text.isMissing() && !isNothing) {
            return Optional.of(owner.problem(missing()));
        }
        if (takesWords() || (takesText() && fits(text.text()))) {
            return Optional.empty();
        }
        return Optional.of(
                takesText() && !shape.values().isEmpty()
                        ? text.place()
                                .problem("'" + name + "' takes no '" + text.text() + "'"
                                        + Nearest.remedy(text.text(), shape.values()))
                        : other(text, "'" + text.text() + "'"));
    }

    private Problem other(Yaml value, String kind) {
        return value.place()
                .problem((name.equals(Syntax.FILE) ? "an item of the file" : "'" + name + "'") + " takes " + taken()
                        + ", not " + kind);
    }

    private String missing() {
        return "'" + name + "' has no value: "
                + (takes("object") && shape.required().isEmpty()
                        ? "indent what belongs to it, or write {} for nothing"
                        : "give it " + taken());
    }

    private String taken() {
        if (takesText()) {
            return shape.types().stream()
                    .filter(WRITTEN::containsKey)
                    .map(WRITTEN::get)
                    .findFirst()
                    .orElse("a text");
        }
        return takes("array") ? WRITTEN.get("array") : "keys, one a line and indented";
    }

    private boolean takes(String type) {
        return shape.types().isEmpty() || shape.types().contains(type);
    }

    /** Camel parts a text at its spaces where a list of texts is to be. */
    private boolean takesWords() {
        return takes("array")
                && shape.items() != null
                && Shape.of(shape.items()).types().equals(Set.of("string"));
    }

    private boolean takesText() {
        return takes("string") || takes("number") || takes("boolean");
    }

    private boolean fits(String text) {
        if (text.contains(PLACEHOLDER)) {
            return true;
        }
        return (shape.values().isEmpty() || isAmong(shape.values(), text))
                && (takes("string")
                        || (takes("number") && NUMBER.matcher(text).matches())
                        || (takes("boolean") && BOOLEAN.matcher(text).matches()));
    }

    /** As Camel takes the values of an enumeration: in any case, and with dashes. */
    private static boolean isAmong(Set<String> values, String text) {
        String constant = StringHelper.asEnumConstantValue(text);
        return values.stream().anyMatch(value -> value.equalsIgnoreCase(text) || value.equalsIgnoreCase(constant));
    }
}
