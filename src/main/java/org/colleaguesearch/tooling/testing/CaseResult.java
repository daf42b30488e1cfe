package org.colleaguesearch.tooling.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of a case.
 *
 * @param mismatches empty if the case passed
 * @param arrived one line per call of the steps that the case names
 * @param handled one line per failure of a step that did not fail the route
 */
record CaseResult(RouteCase of, List<Mismatch> mismatches, List<String> arrived, List<String> handled, Duration took) {
    /** Nobody reads more mismatches or calls. */
    private static final int MOST = 20;

    boolean isGood() {
        return mismatches.isEmpty();
    }

    /** The lines that tell the user why it failed. */
    List<String> explanation() {
        List<String> lines = new ArrayList<>();
        for (Mismatch mismatch : mismatches.subList(0, Math.min(MOST, mismatches.size()))) {
            lines.add(Diff.printable(mismatch.place() + ": " + mismatch.what()));
            mismatch.lines().forEach(line -> lines.add("  " + line));
        }
        if (mismatches.size() > MOST) {
            lines.add("… and " + (mismatches.size() - MOST) + " more mismatches");
        }
        if (!arrived.isEmpty()) {
            lines.add("step calls:");
            arrived.stream().limit(MOST).forEach(line -> lines.add("  " + line));
        }
        if (arrived.size() > MOST) {
            lines.add("  … and " + (arrived.size() - MOST) + " more");
        }
        if (!handled.isEmpty()) {
            lines.add("handled failures:");
            handled.forEach(line -> lines.add("  " + line));
        }
        return lines;
    }
}
