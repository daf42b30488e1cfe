package org.colleaguesearch.tooling.live;

import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.quartz.Scheduler;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;

/** Of {@code quartz:}. Its times do not wait for one another. */
record ScheduleClock(QuartzEndpoint endpoint) implements Clock {
    @Override
    public Optional<Instant> next(Instant opened, Optional<Instant> begun) {
        return Optional.ofNullable(unchecked(() -> scheduler().getTrigger(endpoint.getTriggerKey())))
                .map(Trigger::getNextFireTime)
                .map(Date::toInstant);
    }

    private Scheduler scheduler() {
        return endpoint.getComponent().getScheduler();
    }

    /** Its consumer is not stopped: what has just gone off would be lost. */
    @Override
    public void pause() {
        unchecked(() -> {
            endpoint.pauseTrigger();
            return null;
        });
    }

    @Override
    public void resume() {
        unchecked(() -> {
            endpoint.resumeTrigger();
            return null;
        });
    }

    /** Only a store of jobs that does not answer fails. */
    private static <T> T unchecked(Callable<T> asked) {
        try {
            return asked.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long repeatCount() {
        return 0;
    }

    @Override
    public long counter() {
        return 0;
    }

    @Override
    public boolean isSerial() {
        return false;
    }

    @Override
    public boolean isPolling() {
        return false;
    }

    /** The scheduler is started later, see {@link Triggers#begin}. */
    @Override
    public void start(Instant next, long left, Start start) throws Exception {
        start.route();
        TriggerKey key = endpoint.getTriggerKey();
        TriggerBuilder<?> trigger = scheduler().getTrigger(key).getTriggerBuilder();
        scheduler().rescheduleJob(key, trigger.startAt(Date.from(next)).build());
    }
}
