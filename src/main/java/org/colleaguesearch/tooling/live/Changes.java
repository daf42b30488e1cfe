package org.colleaguesearch.tooling.live;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is different between two states of the folder, each with the content of each file. */
record Changes(Map<Path, String> before, Map<Path, String> after) {
    /** The files that are, in order. */
    List<Path> files() {
        return Stream.of(before, after)
                .flatMap(state -> state.keySet().stream())
                .distinct()
                .sorted()
                .filter(file -> !after.getOrDefault(file, "").equals(before.getOrDefault(file, "")))
                .toList();
    }

    /** Such files in a line: {@code a.camel.yaml (new), b.camel.yaml}. */
    String line(List<Path> files) {
        return files.stream().map(this::named).collect(Collectors.joining(", "));
    }

    private String named(Path file) {
        if (!before.containsKey(file)) {
            return file + " (new)";
        }
        return after.containsKey(file) ? file.toString() : file + " (gone)";
    }
}
