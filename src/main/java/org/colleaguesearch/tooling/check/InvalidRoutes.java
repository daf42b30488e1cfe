package org.colleaguesearch.tooling.check;

/** Stops a start because route files have problems. */
public final class InvalidRoutes extends RuntimeException {
    private final transient CheckResult verdict;

    public InvalidRoutes(CheckResult verdict) {
        super(verdict.summary());
        this.verdict = verdict;
    }

    public CheckResult verdict() {
        return verdict;
    }
}
