package org.colleaguesearch.runs;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.colleaguesearch.settings.Settings;
import org.quartz.CronTrigger;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What the settings say of the schedule, for routes to ask. Immutable. */
@Component("schedule")
public class Schedule {
    private final Settings settings;
    private final ZoneId zone;
    private final ObjectProvider<LastBatch> last;

    Schedule(Settings settings, ObjectProvider<LastBatch> last) {
        this.settings = settings;
        this.zone = settings.timeZone() == null ? ZoneId.systemDefault() : settings.timeZone();
        this.last = last;
    }

    /** The id of the time zone that the schedule is read in. */
    public String timeZone() {
        return zone.getId();
    }

    /** What Quartz does with a trigger that comes late, as Quartz's number for it. */
    public int misfireInstruction() {
        return switch (settings.ifLate()) {
            case RUN -> CronTrigger.MISFIRE_INSTRUCTION_FIRE_ONCE_NOW;
            case SKIP -> CronTrigger.MISFIRE_INSTRUCTION_DO_NOTHING;
        };
    }

    /** Whether a batch is to begin at start since its time came while the application was down. */
    public boolean isMissed() {
        Optional<Instant> began = last.stream().findFirst().flatMap(LastBatch::began);
        return settings.catchUp() && MissedTrigger.between(began, Instant.now(), settings.schedule(), zone);
    }
}
