package org.colleaguesearch.check;

import java.util.Set;
import java.util.stream.Stream;
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

    @Override
    public Stream<Problem> problems(Routes routes) {
        return routes.fields()
                .filter(field -> KEYS.contains(field.key().text()) && !field.isOption())
                .flatMap(field -> texts(field.value()))
                // A name without a package is short for one that Camel knows.
                .filter(name -> name.text().matches("\\w+(\\.\\w+)+(\\$\\w+)*"))
                .filter(name -> !ClassUtils.isPresent(name.text(), Classes.class.getClassLoader()))
                .map(name -> name.place()
                        .problem("there is no class " + name.text() + ": write its full name, with its package"));
    }

    private static Stream<Yaml.Text> texts(Yaml value) {
        return switch (value) {
            case Yaml.Text text -> Stream.of(text);
            case Yaml.Items list -> list.items().stream().flatMap(Classes::texts);
            case Yaml.Keys keys -> Stream.of();
        };
    }
}
