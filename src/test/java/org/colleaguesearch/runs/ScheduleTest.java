package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Triggers of batches at the start, and the time zone of the schedule. */
class ScheduleTest {
    private static final String OWN_API = "colleagues.apis.default.base-url=https://people.example.org";
    private static final String MISSED = "schedule (missed while the application was down)";

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    @Test
    void firstStartTriggersNothing() {
        assertThat(trigger(false, OWN_API)).isNull();
    }

    @Test
    void startWithTheDemoApiTriggersABatch() {
        assertThat(trigger(false)).isEqualTo("start");
    }

    @Test
    void runAtStartOverridesTheDefaultOfTheApi() {
        assertThat(trigger(false, OWN_API, "colleagues.run-at-start=true")).isEqualTo("start");
        assertThat(trigger(false, "colleagues.run-at-start=false")).isNull();
    }

    @Test
    void startTriggersNothingWhenABatchIsResumed() {
        assertThat(trigger(true)).isNull();
        assertThat(trigger(true, OWN_API, "colleagues.run-at-start=true")).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void missedTimeTriggersABatchRegardlessOfOtherSettings(boolean continued) {
        lastBatch(Duration.ofDays(2));

        assertThat(trigger(continued, OWN_API)).isEqualTo(MISSED);
        assertThat(trigger(continued, OWN_API, "colleagues.run-at-start=false")).isEqualTo(MISSED);
        assertThat(trigger(continued, "colleagues.run-at-start=true")).isEqualTo(MISSED);
    }

    @Test
    void missedTimeTriggersNothingWithoutCatchUp() {
        lastBatch(Duration.ofDays(2));

        assertThat(trigger(false, OWN_API, "colleagues.catch-up=false")).isNull();
        assertThat(trigger(false, "colleagues.catch-up=false")).isEqualTo("start");
    }

    @Test
    void futureTimeTriggersNothing() {
        lastBatch(Duration.ofDays(2));

        assertThat(trigger(false, OWN_API, "colleagues.schedule=0 0 2 1 1 ? 2099"))
                .isNull();
    }

    /** Quartz reads an unknown time zone as GMT. */
    @Test
    void givesQuartzTheSameTimeZoneInAnyNotation() {
        Stream<String> offsets = Stream.of(
                "Z",
                "+2",
                "+02:00",
                "-03:30",
                "+0530",
                "+18:00",
                "-18:00",
                "GMT",
                "GMT+2",
                "GMT-2",
                "GMT+02:00",
                "GMT0",
                "UTC+2",
                "UTC-05:45",
                "UTC",
                "UT+1",
                "UT");

        assertThat(Stream.concat(offsets, ZoneId.getAvailableZoneIds().stream()).map(ZoneId::of))
                .allSatisfy(zone -> assertThat(TimeZone.getTimeZone(Schedule.quartzTimeZone(zone))
                                .toZoneId()
                                .getRules())
                        .isEqualTo(zone.getRules()));
    }

    @Test
    void timeDuringAnOutageTriggersABatch() {
        assertThat(afterOutage(Duration.ofDays(2))).isNotNull();
        lastBatch(Duration.ofDays(3));
        assertThat(afterOutage(Duration.ofDays(2))).isNotNull();
    }

    @Test
    void outageWithoutAScheduledTimeTriggersNothing() {
        lastBatch(Duration.ofDays(3));
        // A batch was skipped before the outage, because its indexers were still running: not missed due to the outage.
        assertThat(afterOutage(Duration.ofSeconds(1), "colleagues.schedule=0 0 0 1 1 ?"))
                .isNull();
        assertThat(afterOutage(Duration.ofDays(2), "colleagues.if-late=skip")).isNull();
    }

    @Test
    void batchStartedAfterTheOutageIsEnough() {
        lastBatch(Duration.ofSeconds(1));
        assertThat(afterOutage(Duration.ofDays(2), "colleagues.schedule=0 0 0 1 1 ?"))
                .isNull();
    }

    @Test
    void keeperThatTookOverMakesUpForTheLastTime() {
        assertThat(missedSince(Instant.EPOCH)).isNull();
        lastBatch(Duration.ofDays(3));
        assertThat(missedSince(Instant.EPOCH, "colleagues.schedule=0 0 * * * ?"))
                .isEqualTo(Instant.now().truncatedTo(ChronoUnit.HOURS));
        lastBatch(Duration.ZERO);
        assertThat(missedSince(Instant.EPOCH, "colleagues.schedule=0 0 0 1 1 ?"))
                .isNull();
    }

    private Instant afterOutage(Duration ago, String... settings) {
        return missedSince(Instant.now().minus(ago), settings);
    }

    private Instant missedSince(Instant began, String... settings) {
        return new Schedule(ShippedSettings.with(settings), database.ledger()).missedSince(began);
    }

    private String trigger(boolean continued, String... settings) {
        List<Batch> batches =
                continued ? List.of(Batch.of("b", database.people().list("b", 0), List.of())) : List.of();
        Schedule schedule = new Schedule(ShippedSettings.with(settings), database.ledger());
        return schedule.triggerAtStart(batches, schedule.missedAtStart());
    }

    private void lastBatch(Duration age) {
        Instant began = Instant.now().minus(age);
        database.ledger().open(began.toString().substring(0, 19), "test", began, List.of("patents"), 100, false, null);
        database.ledger().endBatch(began.toString().substring(0, 19), State.COMPLETED, null, began);
    }
}
