package org.colleaguesearch.tooling.yaml;

import org.colleaguesearch.settings.Problem;

/** A file that is no YAML, or none that is taken here. */
public final class Unreadable extends Exception {
    private final Problem problem;

    Unreadable(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
