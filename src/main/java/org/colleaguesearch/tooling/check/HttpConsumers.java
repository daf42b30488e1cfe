package org.colleaguesearch.tooling.check;

import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;

/** No route consumes HTTP requests itself, because the API accepts only the operations of its contract. */
record HttpConsumers() implements Rule {
    private static final Set<String> SCHEMES = Set.of("platform-http", "rest", "rest-openapi");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return Stream.concat(rests(routes), froms(routes))
                .map(place -> place.problem("no request reaches this route, because the API serves only its contract:"
                        + " start it from direct:, a timer, a schedule or files"));
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
