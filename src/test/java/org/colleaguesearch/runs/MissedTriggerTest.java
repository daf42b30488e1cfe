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
        "2026-11-22T02:00:00.004Z, 2026-11-22T09:00:00Z, false",
        "2026-11-22T02:00:00.004Z, 2026-11-23T01:59:59.999Z, false",
        // The next time passed just now, or days ago.
        "2026-11-22T02:00:00.004Z, 2026-11-23T02:00:00Z, true",
        "2026-11-22T02:00:00.004Z, 2026-11-29T09:00:00Z, true",
        // The last batch was started manually, before or after the scheduled time.
        "2026-11-22T01:00:00Z, 2026-11-22T03:00:00Z, true",
        "2026-11-22T02:30:00Z, 2026-11-22T03:00:00Z, false",
        // Exactly on time.
        "2026-11-22T02:00:00Z, 2026-11-22T03:00:00Z, false",
        // The clock was set back.
        "2026-11-22T02:00:00Z, 2026-11-20T03:00:00Z, false",
    })
    void findsScheduledTimeBetweenTheLastBatchAndNow(Instant began, Instant now, boolean missed) {
        assertThat(MissedTrigger.between(Optional.of(began), now, NIGHTLY, ZoneId.of("UTC")))
                .isEqualTo(missed);
    }

    @Test
    void missesNothingWithoutAnEarlierBatch() {
        assertThat(MissedTrigger.between(
                        Optional.empty(), Instant.parse("2026-11-22T09:00:00Z"), NIGHTLY, ZoneId.of("UTC")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"UTC, false", "Europe/Stockholm, true", "America/New_York, false"})
    void readsTheScheduleInItsTimeZone(ZoneId zone, boolean missed) {
        Instant began = Instant.parse("2026-11-22T00:30:00Z");
        Instant now = Instant.parse("2026-11-22T01:30:00Z");

        assertThat(MissedTrigger.between(Optional.of(began), now, NIGHTLY, zone))
                .isEqualTo(missed);
    }

    @Test
    void missesNothingOnceTheScheduleHasEnded() {
        assertThat(MissedTrigger.between(
                        Optional.of(Instant.parse("2026-11-22T00:30:00Z")),
                        Instant.parse("2027-11-22T00:30:00Z"),
                        "0 0 2 1 1 ? 2020",
                        ZoneId.of("UTC")))
                .isFalse();
    }

    /** On 28 March, 02:00 does not exist, and the batch is due at 03:00. */
    @ParameterizedTest
    @CsvSource({
        "2027-03-28T00:59:59Z, false",
        "2027-03-28T01:00:00Z, true",
        "2027-03-28T06:00:00Z, true",
    })
    void findsTheTriggerWhenClocksSkipItsTime(Instant now, boolean missed) {
        assertThat(MissedTrigger.between(
                        Optional.of(Instant.parse("2027-03-27T01:00:00.004Z")),
                        now,
                        NIGHTLY,
                        ZoneId.of("Europe/Stockholm")))
                .isEqualTo(missed);
    }
}
