package org.colleaguesearch.tooling.check;

import java.util.Optional;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToCreateRouteFromTemplateException;
import org.apache.camel.FailedToStartRouteException;
import org.colleaguesearch.failure.Causes;

/**
 * What Camel has against a route.
 *
 * @param route its id
 */
record CamelRefusal(String route, Throwable failure) {
    /** What a failure says of a route, if it is about one. */
    static Optional<CamelRefusal> of(Throwable failure) {
        return Causes.of(failure)
                .flatMap(cause -> routeOf(cause).stream()
                        .map(route -> new CamelRefusal(route, cause.getCause() == null ? cause : cause.getCause())))
                .findFirst();
    }

    /** What a failure says, for people. */
    static String text(Throwable failure) {
        return "Camel refuses this: "
                + Reason.of(of(failure).map(CamelRefusal::failure).orElse(failure));
    }

    private static Optional<String> routeOf(Throwable cause) {
        return Optional.ofNullable(
                switch (cause) {
                    case FailedToCreateRouteException made -> made.getRouteId();
                    case FailedToStartRouteException started -> started.getRouteId();
                    case FailedToCreateRouteFromTemplateException made -> made.getRouteId();
                    default -> null;
                });
    }
}
