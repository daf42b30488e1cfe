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
 * The times of a Quartz cron expression in a time zone. They differ from Quartz only at changes of the clock:
 *
 * <ul>
 *   <li>A time that is skipped when clocks go forward fires later by the same amount (RFC 5545, section 3.3.5): 02:30 at 03:30.
 *       Quartz would skip it, and so lose a day of a daily schedule.
 *   <li>A time that is repeated when clocks go back fires twice if the schedule also has times in the hours before and
 *       after, as an hourly one does, else only once. Quartz would skip some.
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

        /** {@code names} stand for numbers, {@code other} is any further syntax. */
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
                    throw new ParseException(
                            "invalid %2$s '%1$s'; expected %3$d to %4$d".formatted(text, name, min, max), 0);
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
     * The times of an expression.
     *
     * @throws ParseException when it is invalid, also if Quartz would accept but misread it, such as minute 99
     */
    public static CronTimes of(String expression, ZoneId zone) throws ParseException {
        CronExpression cron = new CronExpression(expression);
        // Quartz gives the time on the clock; this class places it in the time zone.
        cron.setTimeZone(TimeZone.getTimeZone("UTC"));
        String[] fields = expression.strip().split("[ \t]+", -1);
        for (int i = 0; i < fields.length; i++) {
            FIELDS.get(i).check(fields[i]);
        }
        return new CronTimes(cron, zone);
    }

    /** The first time after an instant, if there is one. */
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

    /** The first time from an instant on, assuming no change of the clock after the last one. */
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

    /** The first time on the clock, from a local time on. */
    private Optional<LocalDateTime> onClock(LocalDateTime from) {
        Date before = Date.from(from.toInstant(ZoneOffset.UTC).minusSeconds(1));
        return Optional.ofNullable(cron.getTimeAfter(before))
                .map(time -> LocalDateTime.ofInstant(time.toInstant(), ZoneOffset.UTC));
    }

    /** Whether the schedule has times both in the hour before the repeated times and in the hour after them. */
    private boolean runsThrough(ZoneOffsetTransition back) {
        return runsInHourFrom(back.getDateTimeAfter().minusHours(1)) && runsInHourFrom(back.getDateTimeBefore());
    }

    private boolean runsInHourFrom(LocalDateTime from) {
        return onClock(from).filter(time -> time.isBefore(from.plusHours(1))).isPresent();
    }
}
