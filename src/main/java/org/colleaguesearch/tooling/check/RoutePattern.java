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
import org.colleaguesearch.settings.RouteFolders;
import org.springframework.core.env.Environment;
import org.springframework.util.AntPathMatcher;

/**
 * The files of a folder that Camel reads routes from, and the tests among them. Immutable.
 *
 * @param patterns of {@code camel.main.routes-include-pattern}, then those of the user's own folders
 * @param excluded {@code colleagues.routes.exclude}
 */
record RoutePattern(List<String> patterns, List<String> excluded) {
    /** Camel's default is the class path, which contains no routes of the application. */
    private static final String SETTING = "camel.main.routes-include-pattern";

    private static final String FILE = "file:";
    private static final String ROUTES = ".camel.yaml";
    private static final String TEST = ".test.yaml";
    private static final AntPathMatcher PATHS = new AntPathMatcher();

    static RoutePattern of(Environment settings) {
        return new RoutePattern(
                Stream.concat(
                                Arrays.stream(settings.getProperty(SETTING, "").split(",", -1)),
                                // Also those that do not exist yet: live editing notices when they do.
                                RouteFolders.of(settings).stream().map(RouteFolders::pattern))
                        .map(String::strip)
                        .filter(pattern -> pattern.startsWith(FILE))
                        .map(pattern -> pattern.substring(FILE.length()))
                        .distinct()
                        .toList(),
                RouteFolders.excluded(settings));
    }

    /** The folder for shipped route files. */
    Path home() {
        return patterns.stream()
                .map(pattern -> Path.of(base(pattern)))
                .filter(folder -> !folder.toString().isEmpty() && !folder.equals(RouteFolders.SITE))
                .findFirst()
                .orElse(RouteFolders.SHIPPED);
    }

    /** The route files, relative to the folder, sorted in each of the folders. Hidden files are skipped. */
    List<Path> in(Path folder) {
        return files(folder, this::isRead);
    }

    /** The tests, relative to the folder, except those of routes that are left out. */
    List<Path> tests(Path folder) {
        return files(
                folder,
                file -> file.toString().endsWith(TEST)
                        && !isExcluded(Path.of(file.toString().replaceFirst("\\.test\\.yaml$", ROUTES))));
    }

    /** The patterns of files to leave out that match no file. */
    List<String> unused(Path folder) {
        List<Path> all = new RoutePattern(patterns, List.of()).files(folder, file -> true);
        return excluded.stream()
                .filter(pattern -> all.stream().noneMatch(file -> PATHS.match(pattern, slashed(file))))
                .toList();
    }

    /** Other files there that are named as YAML, but neither as routes nor as tests. */
    List<Path> misnamed(Path folder) {
        return files(
                folder,
                file -> file.toString().matches("(?i).*\\.ya?ml")
                        && !file.toString().endsWith(ROUTES)
                        && !file.toString().endsWith(TEST)
                        && !isRead(file));
    }

    private boolean isRead(Path file) {
        return patterns.stream().anyMatch(pattern -> PATHS.match(pattern, slashed(file)));
    }

    private boolean isExcluded(Path file) {
        return Stream.concat(Stream.of(RouteFolders.EXAMPLES), excluded.stream())
                .anyMatch(pattern -> PATHS.match(pattern, slashed(file)));
    }

    private static String slashed(Path file) {
        return file.toString().replace('\\', '/');
    }

    private List<Path> files(Path folder, Predicate<Path> isWanted) {
        return patterns.stream()
                .map(RoutePattern::base)
                .distinct()
                // Shipped files first, so that messages about duplicates are about the others.
                .flatMap(base -> below(folder, folder.resolve(base)).sorted())
                .filter(file -> isWanted.test(file) && !isExcluded(file))
                .distinct()
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
