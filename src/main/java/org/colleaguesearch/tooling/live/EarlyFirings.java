package org.colleaguesearch.tooling.live;

import org.quartz.JobExecutionContext;
import org.quartz.Trigger;
import org.quartz.listeners.TriggerListenerSupport;
import org.quartz.spi.OperableTrigger;

/**
 * Keeps firings that begin before the start of their trigger: Quartz fires up to 2 ms early, and Camel's job does
 * nothing then. Stateless.
 */
final class EarlyFirings extends TriggerListenerSupport {
    @Override
    public String getName() {
        return "early firings";
    }

    /** Moves the start of the firing's own copy of the trigger; the schedule stays. */
    @Override
    public void triggerFired(Trigger trigger, JobExecutionContext firing) {
        ((OperableTrigger) trigger).setStartTime(firing.getFireTime());
    }
}
