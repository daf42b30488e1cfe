package org.colleaguesearch.runs;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.settings.Settings;
import org.quartz.CronTrigger;
import org.springframework.stereotype.Component;

/** The schedule of batches, for routes. Immutable. */
@Component("schedule")
public class Schedule {
    private final Settings settings;
    private final ZoneId zone;
    private final Ledger ledger;

    Schedule(Settings settings, Ledger ledger) {
        this.settings = settings;
        this.zone = settings.timeZone() == null ? ZoneId.systemDefault() : settings.timeZone();
        this.ledger = ledger;
    }

    /** The id of the time zone of the schedule, as in the settings. */
    String timeZone() {
        return zone.getId();
    }

    /**
     * The time zone as an id of {@link TimeZone}, which Quartz uses. {@link TimeZone} reads +02:00 and UTC+2 as GMT; it
     * accepts an offset only as GMT+02:00.
     */
    public String quartzTimeZone() {
        return quartzTimeZone(zone);
    }

    static String quartzTimeZone(ZoneId zone) {
        String id = zone.getId();
        boolean isKnown = TimeZone.getTimeZone(id).toZoneId().getRules().equals(zone.getRules());
        return isKnown ? id : "GMT" + zone.getRules().getOffset(Instant.EPOCH);
    }

    /** When a batch starts, as a Quartz cron expression. */
    String cron() {
        return settings.schedule();
    }

    /** The next scheduled time, if there is one. */
    Optional<Instant> next() {
        return Optional.ofNullable(MissedTrigger.next(Instant.now(), settings.schedule(), zone));
    }

    /** Quartz's misfire instruction for a late trigger. */
    public int misfireInstruction() {
        return switch (settings.ifLate()) {
            case RUN -> CronTrigger.MISFIRE_INSTRUCTION_FIRE_ONCE_NOW;
            case SKIP -> CronTrigger.MISFIRE_INSTRUCTION_DO_NOTHING;
        };
    }

    /** The time that the schedule meant, from what Quartz says; null if it does not. */
    public Instant time(Date scheduled) {
        return scheduled == null ? null : scheduled.toInstant();
    }

    /** The last scheduled time that passed while the application was down, or null if a batch need not catch up with it. */
    public Instant missedAtStart() {
        return settings.catchUp() ? missed(ledger.newest().map(BatchEntry::began)) : null;
    }

    /**
     * What triggers a batch when the application starts, for the log, or null: a scheduled time that was missed, or {@code
     * colleagues.run-at-start} if no batch was resumed.
     */
    public String triggerAtStart(List<Batch> continued, Instant missed) {
        if (missed != null) {
            return "schedule (missed while the application was down)";
        }
        boolean atStart = settings.runAtStart() == null ? settings.usesDemo() : settings.runAtStart();
        return atStart && continued.isEmpty() ? "start" : null;
    }

    /**
     * The last scheduled time during an outage of the database, or since the keeper of the cluster was lost, for which no batch
     * has begun; null if there was none.
     */
    public Instant missedSince(Instant outageBegan) {
        Optional<Instant> newest = ledger.newest().map(BatchEntry::began);
        if (settings.ifLate() != Settings.Late.RUN || (newest.isEmpty() && outageBegan.equals(Instant.EPOCH))) {
            return null;
        }
        return missed(newest.filter(began -> began.isAfter(outageBegan)).or(() -> Optional.of(outageBegan)));
    }

    private Instant missed(Optional<Instant> since) {
        return MissedTrigger.last(since, Instant.now(), settings.schedule(), zone)
                .orElse(null);
    }
}
