package org.colleaguesearch.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

class LastBatchHealthIndicatorTest {
    private static final Instant BEGAN = Instant.parse("2026-11-23T02:00:00.123Z");

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    /** The application has just started, unless a test sets another time. */
    private Activity activity = new Activity();

    @Test
    void isUpBeforeTheFirstBatch() {
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(health().getDetails()).isEqualTo(Map.of("state", "never ran"));
    }

    @Test
    void showsTheNewestBatchWithTheCountsOfAllItsRuns() {
        open("b1");
        database.ledger().endBatch("b1", State.FAILED, "no list", BEGAN);
        open("b2");
        done("patents", new Counts(100, 97, 200, 3, 120));
        done("functions", new Counts(10, 10, 20, 0, 10));

        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(health().getDetails())
                .isEqualTo(Map.of("batch", "b2", "began", BEGAN, "state", "running", "urls", 110L, "errors", 3L));
    }

    @ParameterizedTest
    @EnumSource(names = {"PAUSED", "FAILED", "ABANDONED"})
    void isDownWithTheReasonWhenItDidNotComplete(State state) {
        open("b1");
        database.ledger().endBatch("b1", state, "disk full", BEGAN);

        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health().getDetails())
                .containsEntry("state", state.toString())
                .containsEntry("reason", "disk full");
    }

    @Test
    void isUpAgainWhenItIsContinuedAndCompletes() {
        open("b1");
        database.ledger().endBatch("b1", State.PAUSED, "disk full", BEGAN);
        database.ledger().endBatch("b1", State.COMPLETED, null, BEGAN);

        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(health().getDetails()).containsEntry("state", "completed").doesNotContainKey("reason");
    }

    @Test
    void isUpWhenSomeoneCancelledIt() {
        open("b1");
        database.ledger().endBatch("b1", State.CANCELLED, null, BEGAN);

        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(health().getDetails()).containsEntry("state", "cancelled");
    }

    @Test
    void isDegradedWhenAtLeastHalfOfTheUrlsFailed() {
        open("b2");
        done("patents", new Counts(120, 9, 20, 111, 500));
        done("functions", new Counts(120, 9, 20, 111, 500));
        assertThat(health().getStatus()).isEqualTo(Status.UP);

        database.ledger().endBatch("b2", State.COMPLETED, null, BEGAN);

        assertThat(health().getStatus()).isEqualTo(new Status("DEGRADED"));
        assertThat(health().getDetails())
                .containsEntry("state", "completed")
                .containsEntry("reason", "222 of 240 URLs failed");
    }

    @ParameterizedTest
    @CsvSource({"0, 0, UP", "1, 0, UP", "1, 1, DEGRADED", "240, 119, UP", "240, 120, DEGRADED"})
    void isUpWhenFewerFailed(long urls, long errors, String status) {
        open("b2");
        done("patents", new Counts(urls, urls - errors, 0, errors, urls));
        database.ledger().endBatch("b2", State.COMPLETED, null, BEGAN);

        assertThat(health().getStatus()).isEqualTo(new Status(status));
    }

    @Test
    void isNotHiddenByAManualBatchOfSomeIndexers() {
        open("b1");
        database.ledger().endBatch("b1", State.FAILED, "no list", BEGAN);
        database.ledger().open("b2", "ops", BEGAN, List.of("patents"), 100, false, null);
        database.ledger().endBatch("b2", State.COMPLETED, null, BEGAN);

        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health().getDetails())
                .containsEntry("batch", "b1")
                .containsEntry("reason", "no list")
                .containsEntry("newer", Map.of("batch", "b2", "state", "completed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"schedule", "schedule (missed while the application was down)", "start", "--once"})
    void isTheScheduledBatchEvenIfItSkippedAnIndexer(String trigger) {
        open("b1");
        database.ledger().endBatch("b1", State.FAILED, "no list", BEGAN);
        database.ledger().open("b2", trigger, BEGAN, List.of("patents"), 100, false, null);

        assertThat(health().getDetails()).containsEntry("batch", "b2").doesNotContainKey("newer");
    }

    @Test
    void isTheManualBatchIfThereIsNoOther() {
        database.ledger().open("b1", "ops", BEGAN, List.of("patents"), 100, false, null);

        assertThat(health().getDetails()).containsEntry("batch", "b1").doesNotContainKey("newer");
    }

    @Test
    void isDownWhenABatchHasDoneNothingForLongerThanAnyWait() {
        activity = new Activity(BEGAN);
        open("b1");

        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health().getDetails())
                .containsEntry("state", "running")
                .containsEntry("stuck", List.of("b1"))
                .containsEntry(
                        "stuckReason",
                        "no API call, delivery or finished run for 1230s; check the log of the batch, then restart to continue it");

        activity.note("b1");
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(health().getDetails()).doesNotContainKey("stuck");
    }

    /** A manual batch, while the scheduled one is well. */
    @Test
    void isDownWhenAnotherBatchIsStuck() {
        activity = new Activity(BEGAN);
        open("b1");
        activity.note("b1");
        database.ledger().open("b2", "ops", BEGAN, List.of("works"), 100, false, null);

        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health().getDetails()).containsEntry("batch", "b1").containsEntry("stuck", List.of("b2"));
    }

    @Test
    void isNotStuckWhilePausedButMayBeOnceContinued() {
        activity = new Activity(BEGAN);
        open("b1");
        database.ledger().endRun("b1", "patents", State.PAUSED, "disk full", BEGAN);
        database.ledger().endBatch("b1", State.PAUSED, "disk full", BEGAN);
        assertThat(health().getDetails()).containsEntry("state", "paused").doesNotContainKey("stuck");

        database.ledger().startRun("b1", "patents", BEGAN);
        assertThat(health().getDetails())
                .containsEntry("state", "running")
                .containsEntry("stuck", List.of("b1"))
                .doesNotContainKey("reason");

        activity.note("b1");
        assertThat(health().getStatus()).isEqualTo(Status.UP);
    }

    private Health health() {
        return new LastBatchHealthIndicator(
                        database.ledger(),
                        database.lease(),
                        activity,
                        FixedIndexers.named("functions", "patents"),
                        database.held(),
                        ShippedSettings.with())
                .health();
    }

    private void open(String batchId) {
        database.ledger().open(batchId, "test", BEGAN, List.of("functions", "patents"), 100, false, null);
    }

    private void done(String indexer, Counts counts) {
        Chunk chunk = new Chunk("b2", indexer, 1, List.of());
        database.chunks().begin(chunk);
        database.chunks().end(new ChunkOutcomes(chunk, List.of()), counts, BEGAN);
    }
}
