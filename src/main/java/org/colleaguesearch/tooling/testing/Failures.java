package org.colleaguesearch.tooling.testing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.colleaguesearch.failure.Causes;

/** The failures of steps while a case runs, each by its originating step. Guarded by the lock of {@link CaseRun}. */
final class Failures {
    /** Nobody reads more. */
    private static final int MOST = 20;

    private record Failure(String node, Throwable why) {}

    private final List<Failure> all = new ArrayList<>();

    /** Adds a failure, unless it is known: enclosing steps report it again later. */
    void add(String node, Throwable why) {
        if (all.size() < MOST && all.stream().noneMatch(failure -> isOf(failure.why, why))) {
            all.add(new Failure(node, why));
        }
    }

    /** One line per failure, except the failure of the route. {@code end}: the failure of the route, or null. */
    Set<String> handled(Throwable end) {
        return all.stream()
                .filter(failure -> !isOf(failure.why, end))
                .map(failure -> failure.node + ": " + Diff.shortened(failure.why.toString()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean isOf(Throwable failure, Throwable whole) {
        return Causes.of(whole).anyMatch(failure::equals);
    }
}
