package org.colleaguesearch.tooling.testing;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * Knows the running case, one at a time, and the current step of each thread. Any thread of a route may use it: the
 * case changes only between runs, and the current step is thread-local.
 */
final class Stage {
    private static final ThreadLocal<StepCall> HERE = new ThreadLocal<>();
    private final Map<String, Set<String>> routes = new TreeMap<>();
    private final Set<String> steps = new TreeSet<>();
    private volatile CaseRun now;

    /**
     * Registers a step while routes are created.
     *
     * @param route null for a step of a shared error handler
     */
    synchronized void add(String route, String step) {
        steps.add(step);
        if (route != null) {
            routes.computeIfAbsent(route, id -> new TreeSet<>()).add(step);
        }
    }

    /** The names that tests can use. */
    synchronized TestNames names(Set<String> indexers) {
        return new TestNames(Map.copyOf(routes), Set.copyOf(steps), indexers);
    }

    void begin(CaseRun run) {
        now = run;
    }

    /** The running case, or null before the first one. */
    CaseRun now() {
        return now;
    }

    /** Runs an action as a step: its HTTP calls belong to the step and the enclosing steps. */
    boolean as(StepCall step, BooleanSupplier action) {
        StepCall before = HERE.get();
        HERE.set(step);
        try {
            return action.getAsBoolean();
        } finally {
            HERE.set(before);
        }
    }

    /**
     * The answer to an HTTP call, from the innermost step that has one.
     *
     * @throws UnansweredCall when the case does not answer it
     */
    Answer answer(String method, String url) {
        String request = method + " " + url;
        StepCall step = HERE.get();
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
     * Reports an external call of this thread's current step that has no answer.
     *
     * @param answer an example of an answer to add
     */
    UnansweredCall unanswered(String call, String answer) {
        StepCall step = HERE.get();
        if (now == null) {
            return new UnansweredCall("the application " + call + " while no case is running");
        }
        return now.unanswered(step == null ? now.innermost() : step.node(), call, answer);
    }
}
