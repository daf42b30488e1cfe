package org.colleaguesearch.tooling.yaml;

import org.colleaguesearch.settings.Problem;

/** A file that cannot be read, is invalid YAML, or is YAML that this application does not accept. */
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
