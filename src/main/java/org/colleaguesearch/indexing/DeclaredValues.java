package org.colleaguesearch.indexing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The values of the parameters of a declaration, as lists of entries with valid names. */
record DeclaredValues(UnaryOperator<String> parameters) {
    /** The names that responses, filters and suggestions have besides the declared ones. */
    static final Set<String> TAKEN =
            Set.of("person", "score", "matches", "active", "people", "topics", "nearly_topics");

    private static final String FIELD = "[A-Za-z_][A-Za-z0-9_-]*";

    /** The entries of a list that is separated by commas; none if the parameter is not set. */
    List<String> entries(String parameter) {
        String value = value(parameter);
        List<String> entries = new ArrayList<>();
        for (String entry : value.isEmpty() ? new String[0] : value.split(",", -1)) {
            if (entry.isBlank()) {
                throw new SearchDeclaration.Wrong(
                        parameter, "empty name: list the fields of an item, separated by commas");
            }
            entries.add(entry.strip());
        }
        return entries;
    }

    String value(String parameter) {
        String value = parameters.apply(parameter);
        return value == null ? "" : value.strip();
    }

    static String field(String parameter, String field) {
        if (!field.matches(FIELD)) {
            throw new SearchDeclaration.Wrong(
                    parameter,
                    "invalid field '" + field
                            + "'; expected letters, digits, - and _: give the field such a name in the"
                            + " jq expression of section");
        }
        return field;
    }

    static String name(String parameter, String name) {
        if (name != null && (TAKEN.contains(name) || !name.matches(FIELD))) {
            throw new SearchDeclaration.Wrong(
                    parameter,
                    TAKEN.contains(name)
                            ? "the name '" + name + "' is reserved: choose another name"
                            : "invalid name '" + name + "'; expected letters, digits, - and _");
        }
        return name;
    }
}
