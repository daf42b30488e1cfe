package org.colleaguesearch.runs;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.colleaguesearch.settings.CronTimes;

/** Finds out whether a scheduled time passed without a batch. */
final class MissedTrigger {
    private MissedTrigger() {}

    /**
     * Whether a scheduled time lies after the start of the last batch and not after now. Without a last batch nothing
     * was missed: the installation is new. A batch starts up to a few milliseconds after its scheduled time, so that
     * time is not counted again.
     *
     * @param cron a Quartz cron expression, read in the time zone
     */
    static boolean between(Optional<Instant> lastBegan, Instant now, String cron, ZoneId zone) {
        return lastBegan
                .map(began -> next(began, cron, zone))
                .map(next -> !next.isAfter(now))
                .orElse(false);
    }

    /** The first scheduled time after an instant, or null if the schedule has ended. */
    static Instant next(Instant after, String cron, ZoneId zone) {
        try {
            return CronTimes.of(cron, zone).after(after).orElse(null);
        } catch (ParseException e) {
            throw new IllegalArgumentException("invalid Quartz cron expression: " + cron, e);
        }
    }
}
