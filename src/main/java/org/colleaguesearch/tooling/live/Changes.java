package org.colleaguesearch.tooling.live;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The difference between two states of the folder, each the content by file. */
record Changes(Map<Path, String> before, Map<Path, String> after) {
    /** The changed files, sorted. */
    List<Path> files() {
        return Stream.of(before, after)
                .flatMap(state -> state.keySet().stream())
                .distinct()
                .sorted()
                .filter(file -> !after.getOrDefault(file, "").equals(before.getOrDefault(file, "")))
                .toList();
    }

    /** The files as one line: {@code a.camel.yaml (new), b.camel.yaml}. */
    String line(List<Path> files) {
        return files.stream().map(this::named).collect(Collectors.joining(", "));
    }

    private String named(Path file) {
        if (!before.containsKey(file)) {
            return file + " (new)";
        }
        return after.containsKey(file) ? file.toString() : file + " (deleted)";
    }
}
