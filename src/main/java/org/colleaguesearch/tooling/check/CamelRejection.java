package org.colleaguesearch.tooling.check;

import java.util.Optional;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToCreateRouteFromTemplateException;
import org.apache.camel.FailedToStartRouteException;
import org.colleaguesearch.failure.Causes;

/**
 * Why Camel rejects a route.
 *
 * @param route its id
 */
record CamelRejection(String route, Throwable failure) {
    /** The refusal within a failure, if the failure concerns a route. */
    static Optional<CamelRejection> of(Throwable failure) {
        return Causes.of(failure)
                .flatMap(cause -> routeOf(cause).stream()
                        .map(route -> new CamelRejection(route, cause.getCause() == null ? cause : cause.getCause())))
                .findFirst();
    }

    /** The text of a message. */
    static String text(Throwable failure) {
        return "Camel rejects this: "
                + Reason.of(of(failure).map(CamelRejection::failure).orElse(failure));
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
