package org.colleaguesearch.tooling.check;

import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;

/** No route waits for requests of its own, for the API's edge lets in the operations of its contract only. */
record Entrances() implements Rule {
    private static final Set<String> SCHEMES = Set.of("platform-http", "rest", "rest-openapi");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return Stream.concat(rests(routes), froms(routes))
                .map(place -> place.problem("no request reaches this route, since the API serves only its contract:"
                        + " begin it with direct:, a timer, a schedule or files"));
    }

    private static Stream<Place> rests(Routes routes) {
        return routes.of(Declaration.REST)
                .filter(rest -> rest.value().keys("openApi").isEmpty())
                .map(Declaration::place);
    }

    private static Stream<Place> froms(Routes routes) {
        return routes.declarations().stream()
                .flatMap(declaration -> declaration.from().stream())
                .flatMap(from -> from.text("uri").stream())
                .filter(uri -> SCHEMES.contains(uri.text().replaceFirst(":.*", "")))
                .map(uri -> uri.place());
    }
}
