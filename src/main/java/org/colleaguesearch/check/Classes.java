package org.colleaguesearch.check;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.yaml.Nearest;
import org.colleaguesearch.yaml.Problem;
import org.colleaguesearch.yaml.Yaml;
import org.springframework.util.ClassUtils;

/** Each class that routes name is there. */
final class Classes implements Rule {
    private static final Set<String> KEYS = Set.of(
            "exception",
            "exceptionType",
            "unmarshalType",
            "resultType",
            "beanType",
            "collectionType",
            "type",
            "convertBodyTo");

    /** In a simple expression. */
    private static final Pattern IN_TEXT = Pattern.compile("\\$\\{bean:type:([\\w.$]+)");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return routes.fields()
                .filter(field -> !field.isOption())
                .flatMap(Classes::names)
                // A name without a package is short for one that Camel knows.
                .filter(name -> name.text().matches("\\w+(\\.\\w+)+(\\$\\w+)*"))
                .filter(name -> !ClassUtils.isPresent(name.text(), Classes.class.getClassLoader()))
                .map(name -> name.place()
                        .problem("there is no class " + name.text()
                                + Nearest.meant(
                                                ClassUtils.getShortName(name.text()),
                                                PackageClasses.beside(name.text()))
                                        .map(near -> ClassUtils.getPackageName(name.text()) + "." + near)
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse(": write its full name, with its package")));
    }

    private static Stream<Yaml.Text> names(Declaration.Field field) {
        return KEYS.contains(field.key().text())
                ? texts(field.value())
                : texts(field.value())
                        .flatMap(text -> IN_TEXT.matcher(text.text())
                                .results()
                                .map(match -> new Yaml.Text(text.place(), match.group(1), text.isPlain())));
    }

    private static Stream<Yaml.Text> texts(Yaml value) {
        return switch (value) {
            case Yaml.Text text -> Stream.of(text);
            case Yaml.Items list -> list.items().stream().flatMap(Classes::texts);
            case Yaml.Keys keys -> Stream.of();
        };
    }
}
