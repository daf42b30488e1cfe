package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MissedTriggerTest {
    private static final String NIGHTLY = "0 0 2 * * ?";

    @ParameterizedTest
    @CsvSource({
        // The last batch started on time, and the next time is in the future.
        "2026-11-22T02:00:00.004Z, 2026-11-22T09:00:00Z,",
        "2026-11-22T02:00:00.004Z, 2026-11-23T01:59:59.999Z,",
        // The next time passed just now, or times passed for days, months and years.
        "2026-11-22T02:00:00.004Z, 2026-11-23T02:00:00Z, 2026-11-23T02:00:00Z",
        "2026-11-22T02:00:00.004Z, 2026-11-29T09:00:00Z, 2026-11-29T02:00:00Z",
        "2026-11-22T02:00:00.004Z, 2027-02-01T01:59:00Z, 2027-01-31T02:00:00Z",
        "2016-11-22T02:00:00.004Z, 2026-11-22T02:00:30Z, 2026-11-22T02:00:00Z",
        // The last batch was started manually, before or after the scheduled time.
        "2026-11-22T01:00:00Z, 2026-11-22T03:00:00Z, 2026-11-22T02:00:00Z",
        "2026-11-22T02:30:00Z, 2026-11-22T03:00:00Z,",
        // Exactly on time.
        "2026-11-22T02:00:00Z, 2026-11-22T03:00:00Z,",
        // The clock was set back.
        "2026-11-22T02:00:00Z, 2026-11-20T03:00:00Z,",
    })
    void findsTheLastTimeBetweenTheLastBatchAndNow(Instant began, Instant now, Instant missed) {
        assertThat(MissedTrigger.last(Optional.of(began), now, NIGHTLY, ZoneId.of("UTC")))
                .isEqualTo(Optional.ofNullable(missed));
    }

    @ParameterizedTest
    @CsvSource({"0 0 0 1 1 ?, 2026-01-01T00:00:00Z", "* * * * * ?, 2026-11-22T03:00:00Z"})
    void findsTheLastTimeOfRareAndFrequentSchedules(String cron, Instant missed) {
        assertThat(MissedTrigger.last(
                        Optional.of(Instant.parse("2016-11-22T02:00:00.004Z")),
                        Instant.parse("2026-11-22T03:00:00Z"),
                        cron,
                        ZoneId.of("UTC")))
                .contains(missed);
    }

    @Test
    void missesNothingWithoutAnEarlierBatch() {
        assertThat(MissedTrigger.last(
                        Optional.empty(), Instant.parse("2026-11-22T09:00:00Z"), NIGHTLY, ZoneId.of("UTC")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"UTC, false", "Europe/Stockholm, true", "America/New_York, false"})
    void readsTheScheduleInItsTimeZone(ZoneId zone, boolean missed) {
        Instant began = Instant.parse("2026-11-22T00:30:00Z");
        Instant now = Instant.parse("2026-11-22T01:30:00Z");

        assertThat(MissedTrigger.last(Optional.of(began), now, NIGHTLY, zone).isPresent())
                .isEqualTo(missed);
    }

    @Test
    void missesNothingOnceTheScheduleHasEnded() {
        assertThat(MissedTrigger.last(
                        Optional.of(Instant.parse("2026-11-22T00:30:00Z")),
                        Instant.parse("2027-11-22T00:30:00Z"),
                        "0 0 2 1 1 ? 2020",
                        ZoneId.of("UTC")))
                .isEmpty();
    }

    /** On 28 March, 02:00 does not exist, and the batch is due at 03:00. */
    @ParameterizedTest
    @CsvSource({
        "2027-03-28T00:59:59Z, false",
        "2027-03-28T01:00:00Z, true",
        "2027-03-28T06:00:00Z, true",
    })
    void findsTheTriggerWhenClocksSkipItsTime(Instant now, boolean missed) {
        assertThat(MissedTrigger.last(
                                Optional.of(Instant.parse("2027-03-27T01:00:00.004Z")),
                                now,
                                NIGHTLY,
                                ZoneId.of("Europe/Stockholm"))
                        .isPresent())
                .isEqualTo(missed);
    }
}
