package org.colleaguesearch.tooling.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Routes and templates have an id and a description, and nothing has the id of another. */
final class IdRules implements Rule {
    @Override
    public Stream<Problem> problems(Routes routes) {
        return Stream.concat(routes.declarations().stream().flatMap(IdRules::missing), twice(routes));
    }

    private static Stream<Problem> missing(Declaration declaration) {
        return switch (declaration.kind().text()) {
            case Declaration.ROUTE -> Stream.concat(missing(declaration, "id"), missing(declaration, "description"));
            // That it has an id is Camel's own schema's.
            case Declaration.TEMPLATE ->
                Stream.concat(
                        missing(declaration, "description"),
                        declaration
                                .value()
                                .keys(Declaration.ROUTE)
                                .filter(route -> isBlank(route, "description"))
                                .map(route -> declaration
                                        .place()
                                        .problem("the route of " + declaration.name()
                                                + " has no description: say below 'route:' in a sentence what it does"))
                                .stream());
            case Declaration.TEMPLATED -> missing(declaration, "routeId");
            case Declaration.FROM ->
                Stream.of(declaration
                        .place()
                        .problem("a route has no id here: write it as 'route:' with id, description and from"));
            default -> Stream.of();
        };
    }

    private static Stream<Problem> missing(Declaration declaration, String key) {
        String remedy = key.equals("description") ? "say in a sentence what it does" : "give it one of its own";
        return isBlank(declaration.value(), key)
                ? Stream.of(declaration.place().problem(declaration.name() + " has no " + key + ": " + remedy))
                : Stream.of();
    }

    /** A key that is nearly it has been found by its name. */
    private static boolean isBlank(Yaml.Keys keys, String key) {
        return keys.value(key)
                .map(value -> value instanceof Yaml.Text text && text.text().isBlank())
                .orElseGet(() -> Nearest.meant(key, keys.names()).isEmpty());
    }

    private static Stream<Problem> twice(Routes routes) {
        Map<String, Place> first = new HashMap<>();
        return routes.fields().filter(IdRules::isId).flatMap(field -> {
            Yaml.Text id = (Yaml.Text) field.value();
            Place known = first.putIfAbsent(space(field) + id.text(), id.place());
            return known == null || known.equals(id.place())
                    ? Stream.of()
                    : Stream.of(id.place()
                            .problem("the id " + id.text() + " is taken, in " + known + ": give this another"));
        });
    }

    private static boolean isId(Declaration.Field field) {
        return field.value() instanceof Yaml.Text text
                && !text.text().isBlank()
                && !field.isOption()
                && (field.isNamed("id")
                        // The route of a rest declaration has the same as the declaration.
                        || (field.isNamed("routeId") && field.in().is(Declaration.TEMPLATED)));
    }

    /** Templates and configurations have ids apart from those of routes and their nodes. */
    private static String space(Declaration.Field field) {
        boolean isOwn = field.siblings().place().equals(field.in().value().place())
                && (field.in().is(Declaration.TEMPLATE) || field.in().is(Declaration.CONFIGURATION));
        return isOwn ? field.in().kind().text() + " " : prefix(field.in());
    }

    private static String prefix(Declaration declaration) {
        Optional<Yaml.Text> prefix = declaration.route().flatMap(route -> route.text("nodePrefixId"));
        return prefix.map(Yaml.Text::text).orElse("");
    }
}
