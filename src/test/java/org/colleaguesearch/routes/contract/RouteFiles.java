package org.colleaguesearch.routes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.routes.contract.ShippedFile.Declaration;
import org.colleaguesearch.routes.contract.ShippedFile.Field;

/** All route files of a folder. */
record RouteFiles(List<ShippedFile> files) {
    private static final Pattern PARAMETER = Pattern.compile("\\{\\{(\\w+)}}");

    static RouteFiles in(Path folder) {
        List<ShippedFile> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList()) {
                files.add(ShippedFile.read(folder, path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RouteFiles(files);
    }

    Stream<Declaration> declarations(String kind) {
        return files.stream().flatMap(file -> file.declarations(kind));
    }

    Stream<Field> fields() {
        return files.stream().flatMap(ShippedFile::fields);
    }

    /** A text of a declaration, once for each route made from it. The application makes two more for each indexer. */
    Stream<String> filledIn(Declaration declaration, String text) {
        if (!declaration.kind().equals("routeTemplate")) {
            return Stream.of(text);
        }
        String id = Set.of("run-indexer", "fetch-section").contains(declaration.text("id"))
                ? "index-chunk"
                : declaration.text("id");
        return declarations("templatedRoute")
                .filter(made -> made.text("routeTemplateRef").equals(id))
                .map(made -> fillIn(text, arguments(declaration, made)));
    }

    private static Map<String, String> arguments(Declaration template, Declaration made) {
        Map<String, String> arguments = new HashMap<>();
        for (JsonNode parameter : template.value().path("parameters")) {
            arguments.put(
                    parameter.path("name").asText(),
                    parameter.path("defaultValue").asText());
        }
        for (JsonNode parameter : made.value().path("parameters")) {
            arguments.put(
                    parameter.path("name").asText(), parameter.path("value").asText());
        }
        return arguments;
    }

    private static String fillIn(String text, Map<String, String> arguments) {
        return PARAMETER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(arguments.getOrDefault(match.group(1), match.group())));
    }
}
