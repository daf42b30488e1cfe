package org.colleaguesearch.check;

/** A file that is no YAML, or none that is taken here. */
final class Unreadable extends Exception {
    private final Problem problem;

    Unreadable(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
