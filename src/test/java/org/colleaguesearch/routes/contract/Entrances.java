package org.colleaguesearch.routes.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The {@code direct:} endpoints that the main code sends to, as its source has them. */
final class Entrances {
    private static final Pattern ENTRANCE = Pattern.compile("\"(direct:[a-z-]+)\"");

    private Entrances() {}

    static Set<String> inMainCode() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(Entrances::in)
                    .collect(Collectors.toSet());
        }
    }

    private static Stream<String> in(Path source) {
        try {
            return ENTRANCE.matcher(Files.readString(source)).results().map(result -> result.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
