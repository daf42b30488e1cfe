package org.colleaguesearch.tooling.check;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each {@code {{key}}} is a setting or a parameter of the enclosing template. */
record Placeholders(KnownSettings settings) implements Rule {
    /** Excludes Camel's functions, such as {@code bean:} and {@code env:}, defaults, and optional placeholders. */
    private static final Pattern PLACEHOLDER = Pattern.compile("(\\{\\{)([^}:?!]+)(}})");

    /** In a simple expression. Resolved at run time, when template parameters no longer exist. */
    private static final Pattern FUNCTION = Pattern.compile("(\\$\\{properties:)([^:?!{}]+)(})");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return routes.fields()
                .filter(field -> field.value() instanceof Yaml.Text)
                .flatMap(field -> Stream.concat(
                        unknown(PLACEHOLDER, (Yaml.Text) field.value(), parameters(field.in(), routes)),
                        unknown(FUNCTION, (Yaml.Text) field.value(), Set.of())));
    }

    private Stream<Problem> unknown(Pattern pattern, Yaml.Text text, Set<String> parameters) {
        return pattern.matcher(text.text())
                .results()
                .filter(match -> !parameters.contains(match.group(2).strip())
                        && !settings.has(match.group(2).strip()))
                .map(match -> {
                    String key = match.group(2).strip();
                    Set<String> known = new HashSet<>(settings.keys());
                    known.addAll(parameters);
                    return text.place()
                            .problem(match.group() + " is not set"
                                    + Nearest.meant(key, known)
                                            .map(near ->
                                                    "; did you mean '" + match.group(1) + near + match.group(3) + "'?")
                                            .orElse(": add it to application.yml, or write " + match.group(1) + key
                                                    + ":default" + match.group(3)));
                });
    }

    /** A template's parameters, with the beans that it or its routes declare. Camel gives these a name per route. */
    private static Set<String> parameters(Declaration in, Routes routes) {
        if (!in.is(Declaration.TEMPLATE)) {
            return Set.of();
        }
        Set<String> names = new HashSet<>(Templates.names(in));
        Stream.concat(Stream.of(in), routes.madeOf(in))
                .flatMap(declaration -> declaration.value().items("beans").stream())
                .flatMap(bean -> bean.text("name").stream())
                .forEach(name -> names.add(name.text()));
        return names;
    }
}
