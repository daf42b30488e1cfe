package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/** What a failure quotes of a file that it does not give a line of. */
final class Quotation {
    private final String said;

    Quotation(Throwable failure) {
        this.said = Causes.of(failure)
                .map(cause -> cause.getMessage()
                        + (cause instanceof SimpleIllegalSyntaxException wrong ? " " + wrong.getExpression() : ""))
                .collect(Collectors.joining(" "));
    }

    /** Where in these files stands what is quoted: the longest of it, beside which most else is quoted, too. */
    Optional<Place> place(Routes routes, List<Path> files) {
        return routes.fields()
                .filter(field -> files.contains(field.key().place().file()))
                .filter(field -> length(field.key(), field.value()) > 0)
                .max(Comparator.<Declaration.Field>comparingInt(field -> length(field.key(), field.value()))
                        .thenComparingInt(field -> field.siblings().entries().stream()
                                .mapToInt(entry -> length(entry.key(), entry.value()))
                                .sum())
                        .thenComparingInt(field -> field.key().place().line()))
                .map(field -> field.value().place());
    }

    /** How much of an entry is quoted. A key with its value says more than any value alone. */
    private int length(Yaml.Text key, Yaml value) {
        if (!(value instanceof Yaml.Text text) || text.text().isBlank()) {
            return 0;
        }
        if (said.contains("(" + key.text() + "=" + text.text() + ")")) {
            return said.length();
        }
        // A single letter is quoted by chance.
        return text.text().length() > 1
                        && Pattern.compile("(?<!\\w)" + Pattern.quote(text.text()) + "(?!\\w)")
                                .matcher(said)
                                .find()
                ? text.text().length()
                : 0;
    }
}
