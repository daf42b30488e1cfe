package org.colleaguesearch.tooling.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.camel.StartupStep;
import org.apache.camel.reifier.ProcessorReifier;
import org.apache.camel.support.startup.DefaultStartupStepRecorder;

/** Tracks the route steps that Camel has started but not finished making. For one thread. */
final class StepTracker extends DefaultStartupStepRecorder {
    private static final String STEP = ProcessorReifier.class.getSimpleName();

    private final Deque<String> active = new ArrayDeque<>();

    StepTracker() {
        setEnabled(true);
    }

    @Override
    protected void onBeginStep(StartupStep step) {
        if (step.getType().equals(STEP)) {
            active.push(step.getName());
        }
    }

    @Override
    protected void onEndStep(StartupStep step) {
        if (step.getType().equals(STEP)) {
            active.pop();
        }
    }

    /** The id of the innermost step. */
    Optional<String> last() {
        return Optional.ofNullable(active.peek());
    }
}
