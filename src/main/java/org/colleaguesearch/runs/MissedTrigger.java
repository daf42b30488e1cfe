package org.colleaguesearch.runs;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.colleaguesearch.settings.CronTimes;

/** Whether a time of the schedule passed without a batch. */
final class MissedTrigger {
    private MissedTrigger() {}

    /**
     * True when a time of the schedule lies after the last batch's beginning and not after now. Without a last batch
     * nothing was missed: the application is new here. A batch begins after its time, by up to a few milliseconds, so
     * its own time is not among those that follow it.
     *
     * @param cron a Quartz cron expression, read in the time zone
     */
    static boolean between(Optional<Instant> lastBegan, Instant now, String cron, ZoneId zone) {
        return lastBegan
                .map(began -> next(began, cron, zone))
                .map(next -> !next.isAfter(now))
                .orElse(false);
    }

    /** The first time of the schedule after an instant, or null when there is none any more. */
    static Instant next(Instant after, String cron, ZoneId zone) {
        try {
            return CronTimes.of(cron, zone).after(after).orElse(null);
        } catch (ParseException e) {
            throw new IllegalArgumentException("no Quartz cron expression: " + cron, e);
        }
    }
}
