package org.colleaguesearch.testing;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Where cases run, one at a time. Any thread of a route may ask: which case it is changes only between cases, and the
 * step that a thread is in is its own.
 */
final class Stage {
    private static final ThreadLocal<Arrival> HERE = new ThreadLocal<>();
    private volatile CaseRun now;

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
            throw unanswered("calls " + request);
        }
        step.outwards().forEach(each -> each.http().add(request));
        return step.outwards()
                .map(each -> now.httpAnswer(each, request))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> unanswered("calls " + request));
    }

    /** What the step that this thread is in does, and should not. */
    Unanswered unanswered(String call) {
        Arrival step = HERE.get();
        if (now == null) {
            return new Unanswered("the application " + call + " although no case runs");
        }
        return now.unanswered(step == null ? now.innermost() : step.node(), call);
    }
}
