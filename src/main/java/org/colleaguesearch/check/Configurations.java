package org.colleaguesearch.check;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.yaml.Nearest;
import org.colleaguesearch.yaml.Problem;
import org.colleaguesearch.yaml.Yaml;

/** Each {@code routeConfigurationId} is the id of a route configuration. */
final class Configurations implements Rule {
    @Override
    public Stream<Problem> problems(Routes routes) {
        Set<String> ids = routes.of(Declaration.CONFIGURATION)
                .flatMap(configuration -> configuration.text("id").stream())
                .map(Yaml.Text::text)
                .collect(Collectors.toSet());
        return routes.fields()
                .filter(field -> routes.isWhole() && field.isNamed("routeConfigurationId"))
                .filter(field -> field.value() instanceof Yaml.Text)
                .map(field -> (Yaml.Text) field.value())
                .flatMap(list -> Stream.of(list.text().split(",", -1))
                        .map(String::strip)
                        .filter(id -> !ids.contains(id) && !id.contains("*"))
                        .map(id -> list.place()
                                .problem("there is no routeConfiguration " + id + Nearest.remedy(id, ids))));
    }
}
