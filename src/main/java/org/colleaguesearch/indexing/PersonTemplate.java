package org.colleaguesearch.indexing;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.colleaguesearch.people.Person;

/** A text with variables for the values of a person: {@code {id}}, {@code {name}}, {@code {orcid}}. Immutable. */
public record PersonTemplate(String text) {
    private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_]*)}");

    /** The names of its variables, in order. */
    public List<String> variables() {
        return VARIABLE.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** The text with the same value for all variables. */
    String filled(String value) {
        return VARIABLE.matcher(text).replaceAll(Matcher.quoteReplacement(value));
    }

    /**
     * The text for a person.
     *
     * @param escape makes a value safe for its place in the text
     * @return empty when the person lacks one of the values
     */
    Optional<String> of(Person person, UnaryOperator<String> escape) {
        if (variables().stream().anyMatch(variable -> person.value(variable).isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(VARIABLE.matcher(text)
                .replaceAll((MatchResult match) -> Matcher.quoteReplacement(
                        escape.apply(person.value(match.group(1)).orElseThrow()))));
    }
}
