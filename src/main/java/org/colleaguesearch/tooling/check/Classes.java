package org.colleaguesearch.tooling.check;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;
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

    /** In a simple expression, and for a bean that Camel is to make or to find. */
    private static final Pattern IN_TEXT = Pattern.compile("(?:\\$\\{(?:bean:type:|type:|(?:mandatoryB|b)odyAs\\()"
            + "|} !?is ['\"]|(?:^|=)#(?:class|type):)([\\w.$]+)");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return routes.fields()
                .flatMap(Classes::names)
                // A name without a package is short for one that Camel knows.
                .filter(name -> name.text().matches("\\w+(\\.\\w+)+(\\$\\w+)*"))
                .filter(name -> !isThere(name.text()))
                .map(name -> name.place()
                        .problem("there is no class " + name.text()
                                + Nearest.meant(
                                                ClassUtils.getShortName(name.text()),
                                                PackageClasses.beside(name.text()))
                                        .map(near -> ClassUtils.getPackageName(name.text()) + "." + near)
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse(": write its full name, with its package")));
    }

    /** Also with the name of a constant behind it. */
    private static boolean isThere(String name) {
        return ClassUtils.isPresent(name, Classes.class.getClassLoader())
                || ClassUtils.isPresent(ClassUtils.getPackageName(name), Classes.class.getClassLoader());
    }

    private static Stream<Yaml.Text> names(Declaration.Field field) {
        return KEYS.contains(field.key().text()) && !field.isOption()
                ? Stream.concat(texts(field.value()), texts(field.value()).flatMap(Classes::named))
                : texts(field.value()).flatMap(Classes::named);
    }

    private static Stream<Yaml.Text> named(Yaml.Text text) {
        return IN_TEXT.matcher(text.text())
                .results()
                .map(match -> new Yaml.Text(text.place(), match.group(1), text.isPlain()));
    }

    private static Stream<Yaml.Text> texts(Yaml value) {
        return switch (value) {
            case Yaml.Text text -> Stream.of(text);
            case Yaml.Items list -> list.items().stream().flatMap(Classes::texts);
            case Yaml.Keys keys -> Stream.of();
        };
    }
}
