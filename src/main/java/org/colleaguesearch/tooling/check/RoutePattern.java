package org.colleaguesearch.tooling.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;
import org.springframework.util.AntPathMatcher;

/** The files of a folder that Camel reads routes from, by {@code camel.main.routes-include-pattern}. Immutable. */
record RoutePattern(List<String> patterns) {
    /** Camel's default is the class path, which contains no routes of the application. */
    private static final String SETTING = "camel.main.routes-include-pattern";

    private static final String FILE = "file:";
    private static final AntPathMatcher PATHS = new AntPathMatcher();

    static RoutePattern of(Environment settings) {
        return new RoutePattern(Arrays.stream(settings.getProperty(SETTING, "").split(",", -1))
                .map(String::strip)
                .filter(pattern -> pattern.startsWith(FILE))
                .map(pattern -> pattern.substring(FILE.length()))
                .toList());
    }

    /** The folder for route files. */
    Path home() {
        return Path.of(patterns.stream()
                .map(RoutePattern::base)
                .filter(base -> !base.isEmpty())
                .findFirst()
                .orElse("routes"));
    }

    /** The route files, relative to the folder, sorted. Hidden files are skipped. */
    List<Path> in(Path folder) {
        return files(folder, this::isRead);
    }

    /** Other files there that are named as YAML, but neither as routes nor as tests. */
    List<Path> misnamed(Path folder) {
        return files(
                folder,
                file -> file.toString().matches("(?i).*\\.ya?ml")
                        && !file.toString().endsWith(".camel.yaml")
                        && !file.toString().endsWith(".test.yaml")
                        && !isRead(file));
    }

    private boolean isRead(Path file) {
        return patterns.stream().anyMatch(pattern -> PATHS.match(pattern, file.toString()));
    }

    private List<Path> files(Path folder, Predicate<Path> isWanted) {
        return patterns.stream()
                .map(RoutePattern::base)
                .distinct()
                .flatMap(base -> below(folder, folder.resolve(base)))
                .filter(isWanted)
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<Path> below(Path folder, Path base) {
        if (!Files.exists(base)) {
            return Stream.of();
        }
        List<Path> files = new ArrayList<>();
        try {
            new FileTree(base).walk((file, attributes) -> files.add(relative(folder, file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.stream();
    }

    private static Path relative(Path folder, Path file) {
        return file.isAbsolute() && !folder.isAbsolute() ? file : folder.relativize(file);
    }

    /** The path before the first wildcard. */
    private static String base(String pattern) {
        if (!PATHS.isPattern(pattern)) {
            return pattern;
        }
        String before = pattern.replaceFirst("[*?{].*", "");
        return before.substring(0, before.lastIndexOf('/') + 1);
    }
}
