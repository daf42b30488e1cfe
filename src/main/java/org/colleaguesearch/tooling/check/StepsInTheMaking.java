package org.colleaguesearch.tooling.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.camel.StartupStep;
import org.apache.camel.reifier.ProcessorReifier;
import org.apache.camel.support.startup.DefaultStartupStepRecorder;

/** Remembers which steps of routes Camel has begun to make, and not ended. For one thread. */
final class StepsInTheMaking extends DefaultStartupStepRecorder {
    private static final String STEP = ProcessorReifier.class.getSimpleName();

    private final Deque<String> begun = new ArrayDeque<>();

    StepsInTheMaking() {
        setEnabled(true);
    }

    @Override
    protected void onBeginStep(StartupStep step) {
        if (step.getType().equals(STEP)) {
            begun.push(step.getName());
        }
    }

    @Override
    protected void onEndStep(StartupStep step) {
        if (step.getType().equals(STEP)) {
            begun.pop();
        }
    }

    /** The id of the innermost one. */
    Optional<String> last() {
        return Optional.ofNullable(begun.peek());
    }
}
