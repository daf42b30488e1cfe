package org.colleaguesearch.tooling.check;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each {@code {{key}}} is a setting, or a parameter of the template that it stands in. */
record Placeholders(KnownSettings settings) implements Rule {
    /** Without those of beans, the environment and so on, those that have a default, and those that may be unset. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}:?!]+)}}");

    /** The same, in a simple expression, which is read when it runs, and then knows no parameters. */
    private static final Pattern FUNCTION = Pattern.compile("\\$\\{properties:([^:?!{}]+)}");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return routes.fields()
                .filter(field -> field.value() instanceof Yaml.Text)
                .flatMap(field -> Stream.concat(
                        problems(parameters(field.in(), routes), (Yaml.Text) field.value()),
                        problems((Yaml.Text) field.value())));
    }

    private Stream<Problem> problems(Yaml.Text text) {
        return FUNCTION.matcher(text.text())
                .results()
                .map(match -> match.group(1).strip())
                .filter(key -> !settings.has(key))
                .map(key -> text.place().problem(unknown("${properties:", key, "}", settings.keys())));
    }

    private Stream<Problem> problems(Set<String> parameters, Yaml.Text text) {
        Set<String> known = new HashSet<>(settings.keys());
        known.addAll(parameters);
        return PLACEHOLDER
                .matcher(text.text())
                .results()
                .map(match -> match.group(1).strip())
                .filter(key -> !settings.has(key) && !parameters.contains(key))
                .map(key -> text.place().problem(unknown("{{", key, "}}", known)));
    }

    private static String unknown(String open, String key, String close, Set<String> known) {
        return open + key + close + " is not set"
                + Nearest.meant(key, known)
                        .map(near -> "; did you mean '" + open + near + close + "'?")
                        .orElse(": add it to application.yml, or write " + open + key + ":default" + close);
    }

    /** Of a template, with the beans that it or what is made of it declares, which have a name for each route. */
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
