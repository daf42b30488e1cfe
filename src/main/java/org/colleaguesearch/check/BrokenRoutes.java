package org.colleaguesearch.check;

/** A start with route files that are wrong. */
public final class BrokenRoutes extends RuntimeException {
    private final transient Verdict verdict;

    public BrokenRoutes(Verdict verdict) {
        super(verdict.summary());
        this.verdict = verdict;
    }

    public Verdict verdict() {
        return verdict;
    }
}
