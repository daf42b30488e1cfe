package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.colleaguesearch.settings.Problem;

/**
 * The problems of all files. Immutable.
 *
 * @param isComplete whether the check ran to its end, so that there are no other problems
 */
record Findings(List<Problem> problems, Routes routes, boolean isComplete) {
    /** The problems of some route files, and of the files that these name. */
    List<Problem> of(List<Path> files) {
        Set<Path> theirs = theirs(files);
        return problems.stream()
                .filter(problem -> theirs.contains(problem.file()))
                .toList();
    }

    List<Problem> ofOthers(List<Path> files) {
        Set<Path> theirs = theirs(files);
        return problems.stream()
                .filter(problem -> !theirs.contains(problem.file()))
                .toList();
    }

    private Set<Path> theirs(List<Path> files) {
        return problems.stream()
                .map(Problem::file)
                .distinct()
                .filter(file -> files.contains(file) || routes.naming(file).anyMatch(files::contains))
                .collect(Collectors.toSet());
    }
}
