package org.colleaguesearch.check;

import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.yaml.Problem;

/**
 * What was found wrong with all files. Immutable.
 *
 * @param isComplete whether everything was looked at, so that there is no more
 */
record Findings(List<Problem> problems, Routes routes, boolean isComplete) {
    /** Those of some route files, and of the files that these name. */
    List<Problem> of(List<Path> files) {
        return problems.stream().filter(problem -> isOf(problem, files)).toList();
    }

    List<Problem> ofOthers(List<Path> files) {
        return problems.stream().filter(problem -> !isOf(problem, files)).toList();
    }

    private boolean isOf(Problem problem, List<Path> files) {
        return files.contains(problem.file()) || routes.naming(problem.file()).anyMatch(files::contains);
    }
}
