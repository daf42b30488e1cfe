package org.colleaguesearch.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;
import org.springframework.util.AntPathMatcher;

/** Which files of a folder Camel reads routes from, by {@code camel.main.routes-include-pattern}. Immutable. */
record RouteFolder(List<String> patterns) {
    /** Camel's own default is the class path, where there are none of ours. */
    private static final String SETTING = "camel.main.routes-include-pattern";

    /** Of folders in folders. */
    private static final int DEEPEST = 10;

    private static final String FILE = "file:";
    private static final AntPathMatcher PATHS = new AntPathMatcher();

    static RouteFolder of(Environment settings) {
        return new RouteFolder(Arrays.stream(settings.getProperty(SETTING, "").split(",", -1))
                .map(String::strip)
                .filter(pattern -> pattern.startsWith(FILE))
                .map(pattern -> pattern.substring(FILE.length()))
                .toList());
    }

    /** Those files, relative to the folder, in order. */
    List<Path> in(Path folder) {
        return patterns.stream()
                .flatMap(pattern -> matching(folder, pattern))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<Path> matching(Path folder, String pattern) {
        Path base = folder.resolve(base(pattern));
        if (!Files.exists(base)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.find(base, DEEPEST, (file, attributes) -> !attributes.isDirectory())) {
            return files
                    .map(file -> relative(folder, file))
                    .filter(file -> PATHS.match(pattern, file.toString()))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
