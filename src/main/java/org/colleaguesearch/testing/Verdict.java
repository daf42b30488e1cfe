package org.colleaguesearch.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of a case.
 *
 * @param mismatches none: all is as expected
 * @param arrived a line a call of the steps that the case is about
 */
record Verdict(RouteCase of, List<Mismatch> mismatches, List<String> arrived, Duration took) {
    boolean isGood() {
        return mismatches.isEmpty();
    }

    /** Why it failed, for people; lines. */
    List<String> explanation() {
        List<String> lines = new ArrayList<>();
        for (Mismatch mismatch : mismatches) {
            lines.add(mismatch.place() + ": " + mismatch.what());
            mismatch.lines().forEach(line -> lines.add("  " + line));
        }
        if (!arrived.isEmpty()) {
            lines.add("what came to the steps:");
            arrived.forEach(line -> lines.add("  " + line));
        }
        return lines;
    }
}
