package org.colleaguesearch.settings;

import java.io.Serializable;
import java.text.ParseException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.quartz.CronExpression;

/**
 * The times of a Quartz cron expression in a time zone. They are Quartz's, except where clocks change:
 *
 * <ul>
 *   <li>A time that is skipped when clocks go forward fires later by the same amount (RFC 5545, section 3.3.5): 02:30 as 03:30.
 *       Quartz would skip it, and a daily schedule with it.
 *   <li>A time that clocks repeat comes twice in a schedule that runs in the hour before and in the hour after, too, such
 *       as an hourly one, and else the first time only. Quartz would skip some.
 * </ul>
 *
 * Immutable.
 */
public final class CronTimes implements Serializable {
    private static final String NUMBER = "\\d{1,4}";
    private static final List<Field> FIELDS = List.of(
            new Field("second", 0, 59, NUMBER, ""),
            new Field("minute", 0, 59, NUMBER, ""),
            new Field("hour", 0, 23, NUMBER, ""),
            new Field("day of month", 1, 31, NUMBER, "|\\?|L(-\\d{1,2})?W?|\\d{1,2}W"),
            new Field("month", 1, 12, "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC", ""),
            new Field("day of week", 1, 7, "SUN|MON|TUE|WED|THU|FRI|SAT", "|\\?|L|(\\d|[A-Z]{3})(L|#[1-5])"),
            new Field("year", 1970, 2999, NUMBER, ""));

    private final CronExpression cron;
    private final ZoneId zone;

    private CronTimes(CronExpression cron, ZoneId zone) {
        this.cron = cron;
        this.zone = zone;
    }

    /** A field of an expression. */
    private record Field(String name, int min, int max, Pattern pattern) {
        private static final Pattern DIGITS = Pattern.compile("\\d+");

        /** {@code names} are for its numbers, {@code other} is what else it takes. */
        Field(String name, int min, int max, String names, String other) {
            this(
                    name,
                    min,
                    max,
                    Pattern.compile(
                            "(\\*|%1$s(-%1$s)?)?/[1-9]\\d*|\\*|%1$s(-%1$s)?|(%2$s)(-(%2$s))?%3$s"
                                    .formatted(NUMBER, names, other),
                            Pattern.CASE_INSENSITIVE));
        }

        private void check(String text) throws ParseException {
            for (String item : text.split(",", -1)) {
                if (!pattern.matcher(item).matches()
                        || !isInRange(item)
                        || (item.contains("#") && !item.equals(text))) {
                    throw new ParseException("'%s' is no %s, which takes %d to %d".formatted(text, name, min, max), 0);
                }
            }
        }

        private boolean isInRange(String item) {
            Matcher numbers = DIGITS.matcher(item.replaceFirst("[/#Ll].*", ""));
            return numbers.results()
                    .mapToInt(number -> Integer.parseInt(number.group()))
                    .allMatch(n -> n >= min && n <= max);
        }
    }

    /**
     * Those of an expression.
     *
     * @throws ParseException when it is none. Quartz itself takes some that it then reads otherwise than they are written,
     *     such as 99 for any minute.
     */
    public static CronTimes of(String expression, ZoneId zone) throws ParseException {
        CronExpression cron = new CronExpression(expression);
        // The times on the clock; how these lie in the time zone is said here.
        cron.setTimeZone(TimeZone.getTimeZone("UTC"));
        String[] fields = expression.strip().split("[ \t]+", -1);
        for (int i = 0; i < fields.length; i++) {
            FIELDS.get(i).check(fields[i]);
        }
        return new CronTimes(cron, zone);
    }

    /** The first one after an instant, or nothing when there is none any more. */
    public Optional<Instant> after(Instant instant) {
        ZoneRules rules = zone.getRules();
        // Times are whole seconds.
        Instant from = Instant.ofEpochSecond(instant.getEpochSecond() + 1);
        while (true) {
            ZoneOffsetTransition last = rules.previousTransition(from.plusNanos(1));
            ZoneOffsetTransition next = rules.nextTransition(from);
            Optional<Instant> found = between(from, last, rules.getOffset(from));
            if (found.isEmpty() || next == null || found.get().isBefore(next.getInstant())) {
                return found;
            }
            from = next.getInstant();
        }
    }

    /** The first one from an instant on, as if clocks did not change any more after the last time. */
    private Optional<Instant> between(Instant from, ZoneOffsetTransition last, ZoneOffset offset) {
        if (last == null) {
            return first(from, offset);
        }
        Instant end = last.getInstant().plus(last.getDuration().abs());
        if (!from.isBefore(end)) {
            return first(from, offset);
        }
        if (last.isGap()) {
            Optional<Instant> skipped = first(from, last.getOffsetBefore()).filter(time -> time.isBefore(end));
            return Stream.of(skipped, first(from, offset))
                    .flatMap(Optional::stream)
                    .min(Instant::compareTo);
        }
        return first(runsThrough(last) ? from : end, offset);
    }

    private Optional<Instant> first(Instant from, ZoneOffset offset) {
        return onClock(LocalDateTime.ofInstant(from, offset)).map(time -> time.toInstant(offset));
    }

    /** The first one on the clock, from a time on. */
    private Optional<LocalDateTime> onClock(LocalDateTime from) {
        Date before = Date.from(from.toInstant(ZoneOffset.UTC).minusSeconds(1));
        return Optional.ofNullable(cron.getTimeAfter(before))
                .map(time -> LocalDateTime.ofInstant(time.toInstant(), ZoneOffset.UTC));
    }

    /** Whether it runs in the hour before clocks are put back, and in the hour after the times that they repeat. */
    private boolean runsThrough(ZoneOffsetTransition back) {
        return runsInHourFrom(back.getDateTimeAfter().minusHours(1)) && runsInHourFrom(back.getDateTimeBefore());
    }

    private boolean runsInHourFrom(LocalDateTime from) {
        return onClock(from).filter(time -> time.isBefore(from.plusHours(1))).isPresent();
    }
}
