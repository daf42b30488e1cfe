package org.colleaguesearch.runs;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.colleaguesearch.settings.CronTimes;

/** Finds out whether a scheduled time passed without a batch. */
final class MissedTrigger {
    /** Where to look for the last time first, so that not all times of a long outage are counted. */
    private static final List<Duration> WINDOWS =
            List.of(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(32));

    private MissedTrigger() {}

    /**
     * The last scheduled time after the start of the last batch and not after now; empty if there was none. Without a last
     * batch nothing was missed: the installation is new. A batch starts up to a few milliseconds after its scheduled time, so
     * that time is not counted again.
     *
     * @param cron a Quartz cron expression, read in the time zone
     */
    static Optional<Instant> last(Optional<Instant> lastBegan, Instant now, String cron, ZoneId zone) {
        Optional<Instant> missed =
                lastBegan.map(began -> next(began, cron, zone)).filter(next -> !next.isAfter(now));
        if (missed.isEmpty()) {
            return missed;
        }
        Instant last = WINDOWS.stream()
                .map(now::minus)
                .filter(lastBegan.get()::isBefore)
                .map(from -> next(from, cron, zone))
                .filter(next -> next != null && !next.isAfter(now))
                .findFirst()
                .orElse(missed.get());
        for (Instant next = last; next != null && !next.isAfter(now); next = next(next, cron, zone)) {
            last = next;
        }
        return Optional.of(last);
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
