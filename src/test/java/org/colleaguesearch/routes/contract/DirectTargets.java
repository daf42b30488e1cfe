package org.colleaguesearch.routes.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The {@code direct:} endpoints that the main code sends to, as its source has them, and those of the API's contract. */
final class DirectTargets {
    private static final Pattern ENTRANCE = Pattern.compile("\"(direct:[a-z-]+)\"");

    private static final Pattern OPERATION = Pattern.compile("operationId: ([a-z-]+)");
    private static final Path CONTRACT = Path.of("src/main/resources/openapi/colleague-search.yaml");

    private DirectTargets() {}

    static Set<String> inMainCode() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(DirectTargets::in)
                    .collect(Collectors.toSet());
        }
    }

    /** Of the operations, each of which is a route. */
    static Set<String> inContract() throws IOException {
        return OPERATION
                .matcher(Files.readString(CONTRACT))
                .results()
                .map(result -> "direct:" + result.group(1))
                .collect(Collectors.toSet());
    }

    private static Stream<String> in(Path source) {
        try {
            return ENTRANCE.matcher(Files.readString(source)).results().map(result -> result.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
