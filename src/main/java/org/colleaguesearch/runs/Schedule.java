package org.colleaguesearch.runs;

import java.time.Instant;
import java.time.ZoneId;
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

    /**
     * What triggers a batch when the application starts, for the log, or null. A scheduled time that passed while the
     * application was down triggers one; so does {@code colleagues.run-at-start} if no batch was resumed.
     */
    public String triggerAtStart(List<Batch> continued) {
        if (settings.catchUp() && isMissed()) {
            return "schedule (missed while the application was down)";
        }
        boolean atStart = settings.runAtStart() == null ? settings.usesDemo() : settings.runAtStart();
        return atStart && continued.isEmpty() ? "start" : null;
    }

    /**
     * What triggers a batch after an outage of the database, for the log: a scheduled time during the outage. Null if
     * there was none.
     */
    public String triggerAfterOutage(Instant outageBegan) {
        Instant since = ledger.newest()
                .map(BatchEntry::began)
                .filter(began -> began.isAfter(outageBegan))
                .orElse(outageBegan);
        boolean isMissed = MissedTrigger.between(Optional.of(since), Instant.now(), settings.schedule(), zone);
        return settings.ifLate() == Settings.Late.RUN && isMissed
                ? "schedule (missed while the database was unavailable)"
                : null;
    }

    private boolean isMissed() {
        return MissedTrigger.between(ledger.newest().map(BatchEntry::began), Instant.now(), settings.schedule(), zone);
    }
}
