package org.colleaguesearch.tooling.check;

/** A start with route files that are wrong. */
public final class BrokenRoutes extends RuntimeException {
    private final transient CheckResult verdict;

    public BrokenRoutes(CheckResult verdict) {
        super(verdict.summary());
        this.verdict = verdict;
    }

    public CheckResult verdict() {
        return verdict;
    }
}
