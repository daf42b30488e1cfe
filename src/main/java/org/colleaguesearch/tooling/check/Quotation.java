package org.colleaguesearch.tooling.check;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/** What a failure quotes of a file, whose line it does not name. */
final class Quotation {
    private final String message;

    /** Of a failure, without the name of the route, which is not what is wrong. */
    Quotation(Throwable failure) {
        this.message = Causes.of(
                        CamelRefusal.of(failure).map(CamelRefusal::failure).orElse(failure))
                .map(cause -> cause.getMessage()
                        + (cause instanceof SimpleIllegalSyntaxException wrong ? " " + wrong.getExpression() : ""))
                .collect(Collectors.joining(" "));
    }

    /** Where the quoted text is: the longest one, and beside other quoted texts if there are several. */
    Optional<Place> place(Stream<Declaration.Field> fields) {
        return fields.flatMap(field -> Yaml.texts(field.value())
                        .map(text -> new Candidate(
                                text.place(),
                                length(field.key(), text),
                                field.siblings().entries().stream()
                                        .flatMap(entry ->
                                                Yaml.texts(entry.value()).map(beside -> length(entry.key(), beside)))
                                        .mapToInt(Integer::intValue)
                                        .sum())))
                .filter(candidate -> candidate.length() > 0)
                .max(Comparator.comparingInt(Candidate::length)
                        .thenComparingInt(Candidate::beside)
                        .thenComparingInt(candidate -> candidate.place().line()))
                .map(Candidate::place);
    }

    /** The last declaration whose kind is quoted, such as onException. */
    Optional<Place> declaration(Stream<Declaration> declarations) {
        return declarations
                .filter(declaration -> isQuoted(declaration.kind().text()))
                .reduce((first, last) -> last)
                .map(Declaration::place);
    }

    /** A text, how much of it is quoted, and how much of what is beside it. */
    private record Candidate(Place place, int length, int beside) {}

    /** How much of a text is quoted. A key with its value says more than any value alone. */
    private int length(Yaml.Text key, Yaml.Text value) {
        String text = value.text().strip();
        if (!text.isEmpty() && message.contains("(" + key.text() + "=" + text + ")")) {
            return message.length();
        }
        // A single letter is quoted by chance.
        return text.length() > 1 && isQuoted(text) ? text.length() : 0;
    }

    private boolean isQuoted(String text) {
        return Pattern.compile("(?<!\\w)" + Pattern.quote(text) + "(?!\\w)")
                .matcher(message)
                .find();
    }
}
