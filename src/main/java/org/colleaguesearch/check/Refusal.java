package org.colleaguesearch.check;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToCreateRouteFromTemplateException;
import org.apache.camel.FailedToStartRouteException;

/**
 * What Camel has against a route.
 *
 * @param route its id
 * @param message of Camel, which has the step within it
 * @param why in a line
 */
record Refusal(String route, String message, String why) {
    /** What a failure says of a route, if it is about one. */
    static Optional<Refusal> of(Throwable failure) {
        return causes(failure)
                .flatMap(cause -> routeOf(cause).stream()
                        .map(route -> new Refusal(route, cause.getMessage(), why(failure(cause)))))
                .findFirst();
    }

    /** For people. */
    String text() {
        return "Camel refuses this: " + why;
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

    private static Throwable failure(Throwable cause) {
        return cause.getCause() == null ? cause : cause.getCause();
    }

    /** In a line, without the names that Java and Camel give to their objects. */
    static String why(Throwable failure) {
        String message = Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getSimpleName());
        return message.lines()
                .findFirst()
                .orElse("")
                .replaceAll("(?<=\\w)@[0-9a-f]{4,}| on: org\\.apache\\.camel\\.reifier\\.\\w+", "");
    }

    private static Stream<Throwable> causes(Throwable failure) {
        // A chain of causes can be a circle.
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(50);
    }
}
