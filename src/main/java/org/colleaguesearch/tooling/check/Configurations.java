package org.colleaguesearch.tooling.check;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each {@code routeConfigurationId} is the id of a route configuration. */
final class Configurations implements Rule {
    @Override
    public Stream<Problem> problems(Routes routes) {
        Set<String> ids = routes.of(Declaration.CONFIGURATION)
                .flatMap(configuration -> configuration.text("id").stream())
                .map(Yaml.Text::text)
                .collect(Collectors.toSet());
        return routes.fields()
                .filter(field -> field.isNamed("routeConfigurationId") && field.value() instanceof Yaml.Text)
                .flatMap(field -> routes.problems(
                        field.in(),
                        (Yaml.Text) field.value(),
                        list -> Stream.of(list.text().split(",", -1))
                                .map(String::strip)
                                .flatMap(id -> wrong(id, field.in(), ids, routes.isWhole()))
                                .map(list.place()::problem)));
    }

    /** Camel resolves placeholders in a template. Elsewhere it takes a placeholder literally. */
    private static Stream<String> wrong(String id, Declaration in, Set<String> ids, boolean isWhole) {
        if (id.contains("{{")) {
            return in.is(Declaration.TEMPLATE)
                    ? Stream.of()
                    : Stream.of("placeholders in routeConfigurationId are not resolved: write the id instead of " + id);
        }
        return !isWhole || ids.contains(id) || id.contains("*")
                ? Stream.of()
                : Stream.of("unknown routeConfiguration '" + id + "'" + Nearest.remedy(id, ids));
    }
}
