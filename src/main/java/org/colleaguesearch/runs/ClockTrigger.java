package org.colleaguesearch.runs;

import java.text.ParseException;
import java.util.Date;
import org.colleaguesearch.settings.CronTimes;
import org.quartz.CronTrigger;
import org.quartz.ScheduleBuilder;
import org.quartz.impl.triggers.CronTriggerImpl;
import org.quartz.spi.MutableTrigger;

/** A cron trigger of Quartz that goes off on every day, also when clocks change: see {@link CronTimes}. */
final class ClockTrigger extends CronTriggerImpl {
    private final CronTimes times;

    private ClockTrigger(String cron, CronTrigger like) throws ParseException {
        times = CronTimes.of(cron, like.getTimeZone().toZoneId());
        setCronExpression(cron);
        setTimeZone(like.getTimeZone());
        setMisfireInstruction(like.getMisfireInstruction());
    }

    /** One in place of another, whose name, start and end it takes over. */
    static CronTrigger of(CronTrigger trigger) {
        return trigger.getTriggerBuilder().withSchedule(likeThat(trigger)).build();
    }

    private static ScheduleBuilder<CronTrigger> likeThat(CronTrigger trigger) {
        return new ScheduleBuilder<>() {
            @Override
            protected MutableTrigger build() {
                try {
                    return new ClockTrigger(trigger.getCronExpression(), trigger);
                } catch (ParseException e) {
                    throw new IllegalArgumentException(
                            "the cron expression '" + trigger.getCronExpression() + "' of trigger " + trigger.getKey()
                                    + " is wrong: " + e.getMessage(),
                            e);
                }
            }
        };
    }

    @Override
    protected Date getTimeAfter(Date time) {
        return times.after(time.toInstant()).map(Date::from).orElse(null);
    }

    /** For a copy of it with another start. */
    @Override
    public ScheduleBuilder<CronTrigger> getScheduleBuilder() {
        return likeThat(this);
    }

    /** A database of Quartz's must keep it as it is. */
    @Override
    public boolean hasAdditionalProperties() {
        return true;
    }
}
