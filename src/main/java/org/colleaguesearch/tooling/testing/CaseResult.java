package org.colleaguesearch.tooling.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of a case.
 *
 * @param mismatches none: all is as expected
 * @param arrived a line a call of the steps that the case is about
 * @param handled a line a failure of a step that the route has not ended with
 */
record CaseResult(RouteCase of, List<Mismatch> mismatches, List<String> arrived, List<String> handled, Duration took) {
    /** More mismatches, and more calls, than anybody reads. */
    private static final int MOST = 20;

    boolean isGood() {
        return mismatches.isEmpty();
    }

    /** Why it failed, for people; lines. */
    List<String> explanation() {
        List<String> lines = new ArrayList<>();
        for (Mismatch mismatch : mismatches.subList(0, Math.min(MOST, mismatches.size()))) {
            lines.add(Diff.printable(mismatch.place() + ": " + mismatch.what()));
            mismatch.lines().forEach(line -> lines.add("  " + line));
        }
        if (mismatches.size() > MOST) {
            lines.add("… and " + (mismatches.size() - MOST) + " more that are not as expected");
        }
        if (!arrived.isEmpty()) {
            lines.add("what came to the steps:");
            arrived.stream().limit(MOST).forEach(line -> lines.add("  " + line));
        }
        if (arrived.size() > MOST) {
            lines.add("  … and " + (arrived.size() - MOST) + " more");
        }
        if (!handled.isEmpty()) {
            lines.add("what failed, and was handled:");
            handled.forEach(line -> lines.add("  " + line));
        }
        return lines;
    }
}
