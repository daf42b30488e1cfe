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
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

class IndexersHealthIndicatorTest {
    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    @Test
    void isUpBeforeTheFirstRun() {
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(health().getDetails())
                .isEqualTo(Map.of("functions", Map.of("state", "never ran"), "patents", Map.of("state", "never ran")));
    }

    @ParameterizedTest
    @EnumSource(names = {"PAUSED", "FAILED", "ABANDONED"})
    void isDownWithTheReasonWhenTheLastRunOfOneDidNotComplete(State state) {
        open("b1", "functions", "patents");
        end("b1", "functions", State.COMPLETED, null);
        end("b1", "patents", state, "the API is down");

        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(state("functions")).isEqualTo("completed");
        assertThat(state("patents")).isEqualTo(state.toString());
        assertThat(health().getDetails().get("patents")).asString().contains("batch=b1", "reason=the API is down");
    }

    @Test
    void usesTheLastRunOfEachAcrossBatches() {
        open("b1", "functions", "patents");
        end("b1", "functions", State.FAILED, "no list");
        end("b1", "patents", State.FAILED, "no list");
        open("b2", "patents");
        assertThat(state("patents")).isEqualTo("not started");
        end("b2", "patents", State.COMPLETED, null);

        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(state("functions")).isEqualTo("failed");
        assertThat(state("patents")).isEqualTo("completed");

        open("b3", "functions");
        assertThat(health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void isDegradedWhenAtLeastHalfOfTheUrlsOfOneFailed() {
        open("b1", "functions", "patents");
        Chunk chunk = new Chunk("b1", "patents", 1, List.of());
        database.chunks().begin(chunk);
        database.chunks().end(new ChunkOutcomes(chunk, List.of()), new Counts(240, 18, 40, 222, 900), Instant.now());
        assertThat(health().getStatus()).isEqualTo(Status.UP);

        end("b1", "functions", State.COMPLETED, null);
        end("b1", "patents", State.COMPLETED, null);

        assertThat(health().getStatus()).isEqualTo(new Status("DEGRADED"));
        assertThat(health().getDetails().get("patents")).asString().contains("reason=222 of 240 URLs failed");
        assertThat(health().getDetails().get("functions")).asString().doesNotContain("reason");
    }

    @Test
    void leavesOutRemovedIndexer() {
        open("b1", "publications");
        end("b1", "publications", State.FAILED, "no list");

        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(health().getDetails()).containsOnlyKeys("functions", "patents");
    }

    private Object state(String indexer) {
        return ((Map<?, ?>) health().getDetails().get(indexer)).get("state");
    }

    private Health health() {
        return new IndexersHealthIndicator(
                        FixedIndexers.named("functions", "patents"),
                        database.ledger(),
                        database.lease(),
                        ShippedSettings.with())
                .health();
    }

    private void open(String batchId, String... indexers) {
        database.ledger().open(batchId, "test", Instant.now(), List.of(indexers), 100, false, null);
    }

    private void end(String batchId, String indexer, State state, String reason) {
        database.ledger().endRun(batchId, indexer, state, reason, Instant.now());
    }
}
