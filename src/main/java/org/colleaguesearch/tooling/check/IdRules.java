package org.colleaguesearch.tooling.check;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Routes and templates have a description and a unique id, and the steps of a route have different ids. */
final class IdRules implements Rule {
    private static final String DESCRIPTION = "description";

    @Override
    public Stream<Problem> problems(Routes routes) {
        return Stream.concat(routes.declarations().stream().flatMap(IdRules::missing), twice(routes));
    }

    private static Stream<Problem> missing(Declaration declaration) {
        return switch (declaration.kind().text()) {
            case Declaration.ROUTE ->
                Stream.of("id", DESCRIPTION).flatMap(key -> missing(declaration, declaration.value(), key));
            // Camel's schema already requires an id.
            case Declaration.TEMPLATE ->
                Stream.concat(Stream.of(declaration.value()), declaration.value().keys(Declaration.ROUTE).stream())
                        .flatMap(keys -> missing(declaration, keys, DESCRIPTION));
            case Declaration.TEMPLATED -> missing(declaration, declaration.value(), "routeId");
            case Declaration.FROM ->
                Stream.of(declaration
                        .place()
                        .problem("route without id: write it as 'route:' with id, description and from"));
            default -> Stream.of();
        };
    }

    /** A misspelled key is already reported as unknown. */
    private static Stream<Problem> missing(Declaration declaration, Yaml.Keys keys, String key) {
        boolean isMissing = keys.value(key)
                .map(value -> value instanceof Yaml.Text text && text.text().isBlank())
                .orElseGet(() -> Nearest.meant(key, keys.names()).isEmpty());
        String name = keys.place().equals(declaration.value().place())
                ? declaration.name()
                : "the route of " + declaration.name();
        return isMissing
                ? Stream.of(declaration
                        .place()
                        .problem(name + " has no " + key + ": add "
                                + (key.equals(DESCRIPTION) ? "a sentence that says what it does" : "a unique one")))
                : Stream.of();
    }

    private static Stream<Problem> twice(Routes routes) {
        Map<String, Place> first = new HashMap<>();
        return routes.fields().filter(IdRules::isId).flatMap(field -> {
            Yaml.Text id = (Yaml.Text) field.value();
            return spaces(field)
                    .map(space -> first.putIfAbsent(space + " " + id.text(), id.place()))
                    .filter(known -> known != null && !known.equals(id.place()))
                    .limit(1)
                    .map(known -> id.place()
                            .problem("duplicate id '" + id.text() + "', first at " + known + ": rename one"
                                    + (known.file().equals(id.place().file())
                                            ? ""
                                            : ", or leave a file out (colleagues.routes.exclude)")));
        });
    }

    private static boolean isId(Declaration.Field field) {
        return field.value() instanceof Yaml.Text text
                && !text.text().isBlank()
                && !field.isOption()
                // A rest declaration and its route share a routeId.
                && (field.isNamed("id")
                        || (field.isNamed("routeId") && field.in().is(Declaration.TEMPLATED)));
    }

    /**
     * Where an id is unique: those of routes, templates and configurations among all files, and those of steps in their
     * declaration. To Camel, a route is one of its own steps.
     */
    private static Stream<String> spaces(Declaration.Field field) {
        Declaration in = field.in();
        String steps = in.place().toString();
        boolean isOwn = field.siblings().place().equals(in.value().place());
        if (isOwn && (in.is(Declaration.TEMPLATE) || in.is(Declaration.CONFIGURATION))) {
            return Stream.of(in.kind().text());
        }
        return isOwn || in.is(Declaration.REST) ? Stream.of(Declaration.ROUTE, steps) : Stream.of(steps);
    }
}
