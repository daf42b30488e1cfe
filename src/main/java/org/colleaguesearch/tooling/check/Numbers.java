package org.colleaguesearch.tooling.check;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** A constant that a step counts by is an integer. Camel parses it only at run time. */
final class Numbers implements Rule {
    /** Of these, delay takes milliseconds, not a duration. */
    private static final Set<String> STEPS = Set.of("delay", "loop", "throttle");

    private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?\\d+\\s*");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return routes.fields()
                .filter(field -> field.isNamed("constant")
                        && STEPS.contains(field.owner())
                        && !field.isOption()
                        // With doWhile, the expression is a condition.
                        && field.siblings().value("doWhile").isEmpty())
                .flatMap(field -> Yaml.expression(field.value())
                        .flatMap(text ->
                                routes.problems(field.in(), text, filled -> Numbers.problems(filled, field.owner()))));
    }

    private static Stream<Problem> problems(Yaml.Text constant, String step) {
        return constant.text().contains("{{") || NUMBER.matcher(constant.text()).matches()
                ? Stream.of()
                : Stream.of(constant.place()
                        .problem("'" + step + "': expected a whole number"
                                + (step.equals("delay") ? " of milliseconds" : "") + ", not '" + constant.text()
                                + "'"));
    }
}
