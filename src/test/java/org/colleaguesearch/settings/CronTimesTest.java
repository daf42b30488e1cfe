package org.colleaguesearch.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.CronExpression;

class CronTimesTest {
    private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");

    /** Two days around changes of clocks, forwards and back, and one without. */
    private static Stream<ZonedDateTime> changes() {
        return Stream.of(
                        "2027-03-27T12:00+01:00[Europe/Stockholm]",
                        "2026-10-24T12:00+02:00[Europe/Stockholm]",
                        "2027-03-13T12:00-05:00[America/New_York]",
                        "2026-10-31T12:00-04:00[America/New_York]",
                        "2026-10-03T12:00+10:30[Australia/Lord_Howe]",
                        "2027-04-03T12:00+11:00[Australia/Lord_Howe]",
                        // At midnight.
                        "2018-11-03T12:00-03:00[America/Sao_Paulo]",
                        "2018-02-17T12:00-02:00[America/Sao_Paulo]",
                        "2027-03-27T12:00Z[UTC]",
                        "2027-03-27T12:00+05:30[+05:30]")
                .map(ZonedDateTime::parse);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void comesOnceEachDay(ZonedDateTime begin) throws ParseException {
        for (String cron : List.of(
                "0 0 2 * * ?",
                "0 30 2 * * ?",
                "0 59 2 * * ?",
                "0 0 3 * * ?",
                "0 0 0 * * ?",
                "0 30 0 * * ?",
                "0 30 1 * * ?",
                "0 45 1 * * ?",
                "0 30 23 * * ?",
                "30 15 2 ? * *",
                "0 0 12 ? * *")) {
            List<Instant> times = times(
                    cron,
                    begin.getZone(),
                    begin.minusDays(2).toInstant(),
                    begin.plusDays(3).toInstant());

            assertThat(times).as("%s in %s", cron, begin.getZone()).isSorted();
            assertThat(times.stream().map(time -> time.atZone(begin.getZone()).toLocalDate()))
                    .as("%s in %s: %s", cron, begin.getZone(), times)
                    .filteredOn(day -> day.isAfter(begin.toLocalDate().minusDays(2))
                            && day.isBefore(begin.toLocalDate().plusDays(3)))
                    .containsExactlyElementsOf(begin.toLocalDate()
                            .minusDays(1)
                            .datesUntil(begin.toLocalDate().plusDays(3))
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void comesEveryHourAndEveryQuarter(ZonedDateTime begin) throws ParseException {
        Instant from = begin.toInstant();
        Instant to = from.plus(Duration.ofHours(36));
        boolean isWholeHours = !begin.getZone().getId().contains("Lord_Howe");

        for (String cron : List.of("0 0 * * * ?", "0 30 * * * ?", "0 15 0/1 * * ?", "0 10 0-23 ? * *")) {
            List<Instant> times = times(cron, begin.getZone(), from, to);
            assertThat(times).as("%s in %s", cron, begin.getZone()).isSorted().doesNotHaveDuplicates();
            if (isWholeHours) {
                assertThat(pauses(times)).as("%s in %s", cron, begin.getZone()).containsOnly(Duration.ofHours(1));
            } else {
                assertThat(pauses(times)).allMatch(pause -> pause.compareTo(Duration.ofMinutes(90)) <= 0);
            }
        }
        assertThat(pauses(times("0 0/15 * * * ?", begin.getZone(), from, to))).containsOnly(Duration.ofMinutes(15));
        assertThat(pauses(times("0/30 * * * * ?", begin.getZone(), from, to))).containsOnly(Duration.ofSeconds(30));
    }

    /** The same after any time in between, as when the application was started then. */
    @ParameterizedTest
    @MethodSource("changes")
    void isTheSameAfterAnyTime(ZonedDateTime begin) throws ParseException {
        for (String cron : List.of("0 0 2 * * ?", "0 30 2 * * ?", "0 0 * * * ?", "0 0/20 1-2 * * ?", "0 0 0 * * ?")) {
            CronTimes schedule = CronTimes.of(cron, begin.getZone());
            List<Instant> times = times(
                    cron, begin.getZone(), begin.toInstant(), begin.plusDays(3).toInstant());
            for (Instant time = begin.toInstant();
                    time.isBefore(begin.plusDays(2).toInstant());
                    time = time.plus(Duration.ofSeconds(299))) {
                Instant after = time;
                assertThat(schedule.after(time))
                        .as("%s in %s after %s", cron, begin.getZone(), time)
                        .isEqualTo(times.stream()
                                .filter(each -> each.isAfter(after))
                                .findFirst());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Skipped: as much later as clocks are put forward, at once with what is due then anyway.
        "0 0 2 * * ?, 2027-03-27T20:00:00Z, 2027-03-28T01:00:00Z 2027-03-29T00:00:00Z",
        "0 30 2 * * ?, 2027-03-27T20:00:00Z, 2027-03-28T01:30:00Z 2027-03-29T00:30:00Z",
        "'0 0 2,3 * * ?', 2027-03-27T20:00:00Z, 2027-03-28T01:00:00Z 2027-03-29T00:00:00Z",
        "'0 0,30 2 * * ?', 2027-03-27T20:00:00Z, 2027-03-28T01:00:00Z 2027-03-28T01:30:00Z",
        "0 0 2 ? * SUN, 2027-03-27T20:00:00Z, 2027-03-28T01:00:00Z 2027-04-04T00:00:00Z",
        "0 0 2 ? 3 1L, 2027-03-27T20:00:00Z, 2027-03-28T01:00:00Z 2028-03-26T01:00:00Z",
        "0 0 2 28 3 ?, 2027-03-27T20:00:00Z, 2027-03-28T01:00:00Z 2028-03-28T00:00:00Z",
        "0 0 2 28 3 ? 2027, 2027-03-27T20:00:00Z, 2027-03-28T01:00:00Z",
        // Repeated: the first time, unless it runs before and after, too.
        "0 0 2 * * ?, 2026-10-24T20:00:00Z, 2026-10-25T00:00:00Z 2026-10-26T01:00:00Z",
        "0 0 * * * ?, 2026-10-24T23:30:00Z, 2026-10-25T00:00:00Z 2026-10-25T01:00:00Z 2026-10-25T02:00:00Z",
        "0 0 22-6 * * ?, 2026-10-24T23:30:00Z, 2026-10-25T00:00:00Z 2026-10-25T01:00:00Z 2026-10-25T02:00:00Z",
        "0 0 2 ? 10 1L, 2026-10-24T20:00:00Z, 2026-10-25T00:00:00Z 2027-10-31T00:00:00Z",
        "0 0 3 L * ?, 2026-10-24T20:00:00Z, 2026-10-31T02:00:00Z 2026-11-30T02:00:00Z",
    })
    void movesWhatClocksSkipAndChoosesOfWhatTheyRepeat(String cron, Instant after, String expected)
            throws ParseException {
        List<Instant> wanted =
                Stream.of(expected.split(" ", -1)).map(Instant::parse).toList();

        List<Instant> times = times(cron, STOCKHOLM, after, Instant.MAX, wanted.size());

        assertThat(times).containsExactlyElementsOf(wanted);
    }

    @Test
    void isAsQuartzSaysWhereClocksDoNotChange() throws ParseException {
        for (String cron : List.of(
                "0 0 2 * * ?",
                "0 0 2 LW * ?",
                "0 0 2 ? * 6#3",
                "0 0/7 3-5 ? * MON-FRI",
                "5 4 3 1W * ?",
                "0 0 0 31 * ?")) {
            CronExpression quartz = new CronExpression(cron);
            quartz.setTimeZone(TimeZone.getTimeZone("Asia/Tokyo"));
            Date time = Date.from(Instant.parse("2026-11-28T00:00:00Z"));
            for (int i = 0; i < 50; i++) {
                Date next = quartz.getTimeAfter(time);
                assertThat(CronTimes.of(cron, ZoneId.of("Asia/Tokyo")).after(time.toInstant()))
                        .as(cron)
                        .contains(next.toInstant());
                time = next;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 2 * * ?",
                "0 0 2 ? * MON-FRI",
                "0 0 2 L * ?",
                "0 0 2 L-3 * ?",
                "0 0 2 L-3W * ?",
                "0 0 2 LW * ?",
                "0 0 2 15W * ?",
                "0 0 2 ? * 6L",
                "0 0 2 ? * FRIL",
                "0 0 2 ? * L",
                "0 0 2 ? * fri#2",
                "0 0 2 ? * 6#5",
                "0 0/15 8-18 ? * MON,WED,FRI",
                "*/5 * * * * ?",
                "/5 * * * * ?",
                "0 0-30/10 22-2 1,15 jan-MAR,12 ?",
                "0 0 2 * * ? 2026-2099",
                "0 0 2 * * ? */2",
                "0  0\t2 * * ?",
                "0 0 2 1/3 * ?",
                "0 0 2 L,15 * ?",
            })
    void takesWhatQuartzTakes(String cron) throws ParseException {
        assertThat(CronTimes.of(cron, ZoneOffset.UTC).after(Instant.parse("2026-11-28T00:00:00Z")))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "0 99 2 * * ?, invalid minute '99'",
        "99 0 2 * * ?, invalid second '99'",
        "0 0 99 * * ?, invalid hour '99'",
        "0 0 2 98 * MON, invalid day of month '98'",
        "0 0 2 99 * ?, invalid day of month '99'",
        "0 0 2 * 99 ?, invalid month '99'",
        "0 0 2 ? * 99, invalid day of week '99'",
        "0 0 2 * * ? 99, invalid year '99'",
        "0 60 2 * * ?, Minute",
        "0 0 24 * * ?, Hour",
        "0 0 2 32 * ?, Day of month",
        "0 0 2 0 * ?, Day of month",
        "0 */0 * * * ?, invalid minute '*/0'",
        "0 0 2 *x * ?, invalid day of month '*x'",
        "0 0 2x * * ?, invalid hour '2x'",
        "0 0 2 ? * MONDAY, invalid day of week 'MONDAY'",
        "0 0 2 ? * MON-FRI/2, invalid day of week 'MON-FRI/2'",
        "0 0 2 1 * ?x, invalid day of week '?x'",
        "'0 0 2 ? * MON#1,TUE', invalid day of week 'MON#1,TUE'",
        "'0 0 2,,3 * * ?', invalid hour '2,,3'",
        "0 0 2 * *, end",
        "at night, ''",
        "'', ''",
    })
    void refusesWhatIsNoTime(String cron, String why) {
        assertThatThrownBy(() -> CronTimes.of(cron, ZoneOffset.UTC))
                .as(cron)
                .isInstanceOf(ParseException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0 0 2 30 2 ?", "0 0 2 31 4,6 ?", "0 0 2 * * ? 2020", "0 0 2 29 2 ? 2027", "0 0 2 1 1 ? 2026"})
    void endsWhenNoSuchDateLiesAhead(String cron) throws ParseException {
        for (String zone : List.of("UTC", "Europe/Stockholm", "+02:00")) {
            assertThat(CronTimes.of(cron, ZoneId.of(zone)).after(Instant.parse("2026-11-28T00:00:00Z")))
                    .isEmpty();
        }
    }

    private static List<Instant> times(String cron, ZoneId zone, Instant after, Instant to) throws ParseException {
        return times(cron, zone, after, to, Integer.MAX_VALUE);
    }

    private static List<Instant> times(String cron, ZoneId zone, Instant after, Instant to, int limit)
            throws ParseException {
        CronTimes schedule = CronTimes.of(cron, zone);
        List<Instant> times = new ArrayList<>();
        Instant time = schedule.after(after).orElse(null);
        while (time != null && time.isBefore(to) && times.size() < limit) {
            times.add(time);
            time = schedule.after(time).orElse(null);
        }
        return times;
    }

    private static List<Duration> pauses(List<Instant> times) {
        List<Duration> pauses = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            pauses.add(Duration.between(times.get(i - 1), times.get(i)));
        }
        return pauses;
    }
}
