package org.colleaguesearch.tooling.testing;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * Where cases run, one at a time. Any thread of a route may ask: which case it is changes only between cases, and the
 * step that a thread is in is its own.
 */
final class Stage {
    private static final ThreadLocal<Arrival> HERE = new ThreadLocal<>();
    private final Map<String, Set<String>> routes = new TreeMap<>();
    private final Set<String> steps = new TreeSet<>();
    private volatile CaseRun now;

    /**
     * Notes a step that can be called, while routes are made.
     *
     * @param route null: one of what several routes do on errors
     */
    synchronized void add(String route, String step) {
        steps.add(step);
        if (route != null) {
            routes.computeIfAbsent(route, id -> new TreeSet<>()).add(step);
        }
    }

    /** What tests can name of it. */
    synchronized TestNames names(Set<String> indexers) {
        return new TestNames(Map.copyOf(routes), Set.copyOf(steps), indexers);
    }

    void begin(CaseRun run) {
        now = run;
    }

    /** The case that runs, or null before the first one. */
    CaseRun now() {
        return now;
    }

    /** Does something as a step: HTTP calls that are made meanwhile are that step's, and of those that it is in. */
    boolean as(Arrival step, BooleanSupplier action) {
        Arrival before = HERE.get();
        HERE.set(step);
        try {
            return action.getAsBoolean();
        } finally {
            HERE.set(before);
        }
    }

    /**
     * The answer to an HTTP call: that of the innermost step which has one.
     *
     * @throws Unanswered when the case does not answer it
     */
    Answer answer(String method, String url) {
        String request = method + " " + url;
        Arrival step = HERE.get();
        if (step == null) {
            throw unanswered("calls " + request, "{status: 200, body: {}}");
        }
        step.outwards().forEach(each -> each.http().add(request));
        return step.outwards()
                .map(each -> now.httpAnswer(each, request))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> step.outwards()
                        .filter(now::isAnswered)
                        .findFirst()
                        .map(each -> now.unfit(each.node(), request))
                        .orElseGet(() -> unanswered("calls " + request, "{status: 200, body: {}}")));
    }

    /**
     * What the step that this thread is in does, and should not.
     *
     * @param answer that would do in its place
     */
    Unanswered unanswered(String call, String answer) {
        Arrival step = HERE.get();
        if (now == null) {
            return new Unanswered("the application " + call + " although no case runs");
        }
        return now.unanswered(step == null ? now.innermost() : step.node(), call, answer);
    }
}
