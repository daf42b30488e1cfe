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

/** Locates the text of a route file that a failure's message quotes without its line. */
final class Quotation {
    private final String message;

    /** Leaves out the id of the route, which the message names but which is not the fault. */
    Quotation(Throwable failure) {
        this.message = Causes.of(
                        CamelRejection.of(failure).map(CamelRejection::failure).orElse(failure))
                .map(cause -> cause.getMessage()
                        + (cause instanceof SimpleIllegalSyntaxException wrong ? " " + wrong.getExpression() : ""))
                .collect(Collectors.joining(" "));
    }

    /** The place of the longest quoted text; of equals, the one next to other quoted texts. */
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

    /** The place of the last declaration whose kind is quoted, such as onException. */
    Optional<Place> declaration(Stream<Declaration> declarations) {
        return declarations
                .filter(declaration -> isQuoted(declaration.kind().text()))
                .reduce((first, last) -> last)
                .map(Declaration::place);
    }

    /** A text, and how many characters of it and of its siblings are quoted. */
    private record Candidate(Place place, int length, int beside) {}

    /** How many characters of a text are quoted. A key with its value outranks any value alone. */
    private int length(Yaml.Text key, Yaml.Text value) {
        String text = value.text().strip();
        if (!text.isEmpty() && message.contains("(" + key.text() + "=" + text + ")")) {
            return message.length();
        }
        // A single character would match by chance.
        return text.length() > 1 && isQuoted(text) ? text.length() : 0;
    }

    private boolean isQuoted(String text) {
        return Pattern.compile("(?<!\\w)" + Pattern.quote(text) + "(?!\\w)")
                .matcher(message)
                .find();
    }
}
