package org.colleaguesearch.runs;

import java.text.ParseException;
import java.util.Date;
import org.colleaguesearch.settings.CronTimes;
import org.quartz.CronTrigger;
import org.quartz.ScheduleBuilder;
import org.quartz.impl.triggers.CronTriggerImpl;
import org.quartz.spi.MutableTrigger;

/** A Quartz cron trigger that also fires on days when clocks change: see {@link CronTimes}. */
final class DstCronTrigger extends CronTriggerImpl {
    private final CronTimes times;

    private DstCronTrigger(String cron, CronTrigger like) throws ParseException {
        times = CronTimes.of(cron, like.getTimeZone().toZoneId());
        setCronExpression(cron);
        setTimeZone(like.getTimeZone());
        setMisfireInstruction(like.getMisfireInstruction());
    }

    /** Replaces a trigger, keeping its name, start and end. */
    static CronTrigger of(CronTrigger trigger) {
        return trigger.getTriggerBuilder().withSchedule(scheduleOf(trigger)).build();
    }

    private static ScheduleBuilder<CronTrigger> scheduleOf(CronTrigger trigger) {
        return new ScheduleBuilder<>() {
            @Override
            protected MutableTrigger build() {
                try {
                    return new DstCronTrigger(trigger.getCronExpression(), trigger);
                } catch (ParseException e) {
                    throw new IllegalArgumentException(
                            "invalid cron expression '" + trigger.getCronExpression() + "' of trigger "
                                    + trigger.getKey() + ": " + e.getMessage(),
                            e);
                }
            }
        };
    }

    @Override
    protected Date getTimeAfter(Date time) {
        return times.after(time.toInstant()).map(Date::from).orElse(null);
    }

    /** Quartz copies a trigger with it, for example to change its start. */
    @Override
    public ScheduleBuilder<CronTrigger> getScheduleBuilder() {
        return scheduleOf(this);
    }

    /** Makes a JDBC job store of Quartz keep the trigger as a serialized object. */
    @Override
    public boolean hasAdditionalProperties() {
        return true;
    }
}
