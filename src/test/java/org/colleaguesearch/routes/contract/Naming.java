package org.colleaguesearch.routes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.routes.contract.ShippedFile.Declaration;

/** A file has one route or template, with the name of the file; an indexer's file has its route. All are described. */
final class Naming {
    private Naming() {}

    static Stream<String> problems(RouteFiles files) {
        return files.files().stream()
                .flatMap(file -> Stream.concat(
                        file.isIndexer() ? indexer(file) : single(file),
                        file.declarations().flatMap(Naming::described)));
    }

    private static Stream<String> single(ShippedFile file) {
        List<String> ids = file.declarations()
                .filter(declaration -> !declaration.kind().equals("routeConfiguration"))
                .map(declaration -> declaration.text(declaration.kind().equals("templatedRoute") ? "routeId" : "id"))
                .toList();
        boolean isConfigurationsOnly = ids.isEmpty()
                && file.declarations("routeConfiguration").findAny().isPresent();
        return isConfigurationsOnly || ids.equals(List.of(file.name()))
                ? Stream.of()
                : Stream.of(file.path() + " has the routes " + ids + " in place of one with the file's name");
    }

    private static Stream<String> indexer(ShippedFile file) {
        String wanted = "index-" + file.name();
        List<String> ids = file.declarations()
                .map(declaration -> declaration.text("routeId"))
                .toList();
        Stream<String> routes = ids.equals(List.of(wanted))
                ? Stream.of()
                : Stream.of(file.path() + " has the routes " + ids + " in place of " + wanted);
        Stream<String> names = file.declarations("templatedRoute")
                .filter(made -> !file.name().equals(parameter(made, "indexer")))
                .map(made -> file.path() + ": " + made.name() + " has the indexer " + parameter(made, "indexer"));
        return Stream.concat(routes, names);
    }

    private static String parameter(Declaration made, String name) {
        for (JsonNode parameter : made.value().path("parameters")) {
            if (parameter.path("name").asText().equals(name)) {
                return parameter.path("value").asText();
            }
        }
        return null;
    }

    /** The others are described as any file's have to be. */
    private static Stream<String> described(Declaration declaration) {
        String where = declaration.file().path() + ": " + declaration.name();
        List<String> problems = new ArrayList<>();
        if (declaration.kind().equals("routeConfiguration")
                && declaration.text("description").isBlank()) {
            problems.add(where + " has no description");
        }
        for (JsonNode parameter : declaration.value().path("parameters")) {
            if (declaration.kind().equals("routeTemplate")
                    && parameter.path("description").asText().isBlank()) {
                problems.add(where + ": parameter " + parameter.path("name").asText() + " has no description");
            }
        }
        return problems.stream();
    }
}
