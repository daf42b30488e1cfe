package org.colleaguesearch.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.ledger.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

class LastBatchHealthIndicatorTest {
    private static final Instant BEGAN = Instant.parse("2026-11-23T02:00:00.123Z");

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

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
    void isDownWithTheReasonWhenItIsNotDone(State state) {
        open("b1");
        database.ledger().endBatch("b1", state, "disk full", BEGAN);

        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health().getDetails())
                .containsEntry("state", state.toString())
                .containsEntry("reason", "disk full");
    }

    @Test
    void isUpAgainWhenItIsContinuedToItsEnd() {
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

    private Health health() {
        return new LastBatchHealthIndicator(database.ledger()).health();
    }

    private void open(String batchId) {
        database.ledger().open(batchId, "test", BEGAN, List.of("functions", "patents"), 100);
    }

    private void done(String indexer, Counts counts) {
        Chunk chunk = new Chunk("b2", indexer, 1, List.of());
        database.chunks().begin(chunk);
        database.chunks().end(new ChunkOutcomes(chunk, List.of()), counts, BEGAN);
    }
}
