package org.colleaguesearch.routes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.routes.contract.ShippedFile.Declaration;

/** Each route that begins at a {@code direct:} is sent to, or entered. */
final class UnusedRoutes {
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{[^}]*}");

    private UnusedRoutes() {}

    static Stream<String> problems(RouteFiles files, Set<String> entrances) {
        List<String> sent = Stream.concat(sent(files), RestOperations.of(files).map(operation -> "direct:" + operation))
                .distinct()
                .toList();
        return begun(files)
                .distinct()
                .filter(uri -> !entrances.contains(uri))
                .filter(uri ->
                        sent.stream().noneMatch(to -> pattern(to).matcher(uri).matches()))
                .map(uri -> "nothing sends to " + uri);
    }

    private static Stream<String> begun(RouteFiles files) {
        return files.files().stream().flatMap(ShippedFile::declarations).flatMap(declaration -> {
            JsonNode uri = begin(declaration).path("from").path("uri");
            return isDirect(uri.asText()) ? files.filledIn(declaration, uri.asText()) : Stream.of();
        });
    }

    private static JsonNode begin(Declaration declaration) {
        return declaration.kind().equals("routeTemplate") ? declaration.value().path("route") : declaration.value();
    }

    private static Stream<String> sent(RouteFiles files) {
        return files.files().stream()
                .flatMap(ShippedFile::declarations)
                .flatMap(declaration -> ShippedFile.fields(declaration)
                        .filter(field -> !field.name().equals("from"))
                        .map(field -> field.value().isTextual()
                                ? field.value().asText()
                                : field.value().path("uri").asText())
                        .filter(UnusedRoutes::isDirect)
                        .filter(uri -> !uri.equals(
                                begin(declaration).path("from").path("uri").asText()))
                        .flatMap(uri -> files.filledIn(declaration, uri)));
    }

    private static boolean isDirect(String uri) {
        return uri.startsWith("direct:");
    }

    /** A dynamic URI goes to any that fits around its expressions. */
    private static Pattern pattern(String uri) {
        return Pattern.compile(
                Stream.of(EXPRESSION.split(uri, -1)).map(Pattern::quote).collect(Collectors.joining(".+")));
    }
}
