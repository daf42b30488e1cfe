package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DuplicateKeyException;

/** On H2. {@link LedgerPostgresqlIT} runs the same tests on PostgreSQL. */
class LedgerTest {
    private static final Instant BEGAN = Instant.parse("2026-11-23T02:00:00.123Z");
    private static final Instant LATER = BEGAN.plusSeconds(60);

    @RegisterExtension
    final TestLedger database = database();

    private final Ledger ledger = database.ledger();

    TestLedger database() {
        return TestLedger.h2();
    }

    @Test
    void opensBatchWithItsRuns() {
        ledger.open("b1", "schedule", BEGAN, List.of("patents", "functions"), 7, false, null);

        assertThat(ledger.batch("b1")).contains(new BatchEntry("b1", State.RUNNING, null, BEGAN, null, false));
        assertThat(ledger.runs("b1"))
                .containsExactly(
                        new RunEntry("b1", "functions", State.NOT_STARTED, 7, Counts.NONE, null),
                        new RunEntry("b1", "patents", State.NOT_STARTED, 7, Counts.NONE, null));
        assertThat(ledger.batch("b2")).isEmpty();
        assertThat(ledger.runs("b2")).isEmpty();
    }

    @Test
    void opensNoBatchTwice() {
        ledger.open("b1", "schedule", BEGAN, List.of("patents"), 7, false, null);

        assertThatThrownBy(() -> ledger.open("b1", "schedule", BEGAN, List.of("functions"), 7, false, null))
                .isInstanceOf(DuplicateKeyException.class);
        assertThat(ledger.runs("b1")).extracting(RunEntry::indexer).containsExactly("patents");
    }

    @Test
    void storesTheNumberOfPeople() {
        ledger.open("b1", "schedule", BEGAN, List.of("patents"), 7, false, null);
        ledger.listed("b1", 0);
        assertThat(ledger.batch("b1").orElseThrow().people()).isZero();

        ledger.listed("b1", 500_000);
        assertThat(ledger.batch("b1").orElseThrow().people()).isEqualTo(500_000);
    }

    @Test
    void followsRunThroughItsStates() {
        ledger.open("b1", "schedule", BEGAN, List.of("functions", "patents"), 7, false, null);
        ledger.startRun("b1", "patents", BEGAN);
        assertThat(states("b1")).containsExactly(State.NOT_STARTED, State.RUNNING);

        ledger.endRun("b1", "patents", State.PAUSED, "disk full", LATER);
        assertThat(states("b1")).containsExactly(State.NOT_STARTED, State.PAUSED);
        assertThat(run("patents")).containsExactly("disk full", BEGAN, LATER);

        ledger.startRun("b1", "patents", LATER);
        assertThat(run("patents")).containsExactly(null, BEGAN, null);

        ledger.endRun("b1", "patents", State.COMPLETED, null, LATER);
        assertThat(states("b1")).containsExactly(State.NOT_STARTED, State.COMPLETED);
        assertThat(run("patents")).containsExactly(null, BEGAN, LATER);
    }

    @Test
    void sumsTheCountsOfDoneChunks() {
        ledger.open("b1", "schedule", BEGAN, List.of("functions", "patents"), 7, false, null);
        end(new Chunk("b1", "patents", 1, List.of()), new Counts(7, 6, 12, 1, 9));
        end(new Chunk("b1", "patents", 3, List.of()), new Counts(3, 3, 1, 0, 3));
        database.chunks().begin(new Chunk("b1", "patents", 2, List.of()));

        assertThat(ledger.counts("b1", "patents")).isEqualTo(new Counts(10, 9, 13, 1, 12));
        assertThat(ledger.counts("b1", "functions")).isEqualTo(Counts.NONE);
    }

    @Test
    void sumsBeyondTheRangeOfInt() {
        ledger.open("b1", "schedule", BEGAN, List.of("patents"), 7, false, null);
        Counts most = new Counts(
                Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
        end(new Chunk("b1", "patents", 1, List.of()), most);
        end(new Chunk("b1", "patents", 2, List.of()), most);

        assertThat(ledger.counts("b1", "patents")).isEqualTo(most.plus(most));
    }

    @Test
    void endOfABatchEndsItsUnfinishedRuns() {
        ledger.open("b1", "schedule", BEGAN, List.of("functions", "geography", "patents"), 7, false, null);
        ledger.startRun("b1", "functions", BEGAN);
        ledger.endRun("b1", "functions", State.COMPLETED, null, BEGAN);
        ledger.startRun("b1", "geography", BEGAN);

        ledger.endBatch("b1", State.FAILED, "no list", LATER);

        assertThat(states("b1")).containsExactly(State.COMPLETED, State.FAILED, State.FAILED);
        assertThat(run("patents")).containsExactly("no list", null, LATER);
        assertThat(ledger.batch("b1").orElseThrow().state()).isEqualTo(State.FAILED);
    }

    @Test
    void pauseOfABatchLeavesItsRunsUnchanged() {
        ledger.open("b1", "schedule", BEGAN, List.of("functions", "patents"), 7, false, null);
        ledger.startRun("b1", "functions", BEGAN);

        ledger.endBatch("b1", State.PAUSED, "the application stops", LATER);

        assertThat(states("b1")).containsExactly(State.RUNNING, State.NOT_STARTED);
        assertThat(ledger.batch("b1").orElseThrow().state()).isEqualTo(State.PAUSED);
    }

    @Test
    void cancelsAnUnfinishedRunAndNoOther() {
        ledger.open("b1", "schedule", BEGAN, List.of("functions", "geography", "patents"), 7, false, null);
        ledger.startRun("b1", "functions", BEGAN);
        ledger.endRun("b1", "geography", State.PAUSED, "disk full", BEGAN);

        assertThat(ledger.cancelRun("b1", "functions", "cancelled by ops", LATER))
                .isTrue();
        assertThat(ledger.cancelRun("b1", "geography", "cancelled by ops", LATER))
                .isTrue();
        assertThat(ledger.cancelRun("b1", "geography", "cancelled by dev", LATER))
                .isFalse();

        assertThat(states("b1")).containsExactly(State.CANCELLED, State.CANCELLED, State.NOT_STARTED);
        assertThat(run("geography")).containsExactly("cancelled by ops", null, LATER);
        assertThat(ledger.batch("b1").orElseThrow().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void cancelledRunNeitherResumesNorChangesState() {
        ledger.open("b1", "schedule", BEGAN, List.of("patents"), 7, false, null);
        ledger.cancelRun("b1", "patents", "cancelled by ops", LATER);

        assertThat(ledger.startRun("b1", "patents", LATER)).isFalse();
        assertThat(ledger.endRun("b1", "patents", State.COMPLETED, null, LATER)).isFalse();
        ledger.endBatch("b1", State.FAILED, "no list", LATER);

        assertThat(states("b1")).containsExactly(State.CANCELLED);
        assertThat(run("patents")).containsExactly("cancelled by ops", null, LATER);
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "FAILED", "ABANDONED"})
    void cancelsNoRunThatHasEnded(State state) {
        ledger.open("b1", "schedule", BEGAN, List.of("patents"), 7, false, null);
        ledger.endRun("b1", "patents", state, null, BEGAN);
        ledger.endBatch("b1", state, null, BEGAN);

        assertThat(ledger.cancelRun("b1", "patents", "cancelled by ops", LATER)).isFalse();

        assertThat(states("b1")).containsExactly(state);
        assertThat(ledger.batch("b1").orElseThrow().state()).isEqualTo(state);
    }

    @Test
    void pausedBatchIsCancelledWithItsLastRun() {
        ledger.open("b1", "schedule", BEGAN, List.of("functions", "geography", "patents"), 7, false, null);
        ledger.endRun("b1", "functions", State.COMPLETED, null, BEGAN);
        ledger.endBatch("b1", State.PAUSED, "disk full", BEGAN);

        ledger.cancelRun("b1", "geography", "cancelled by ops", LATER);
        assertThat(ledger.batch("b1").orElseThrow().state()).isEqualTo(State.PAUSED);
        ledger.cancelRun("b1", "patents", "cancelled by ops", LATER);

        assertThat(ledger.batch("b1").orElseThrow())
                .isEqualTo(new BatchEntry("b1", State.CANCELLED, null, BEGAN, "cancelled by ops", false));
        assertThat(ledger.unfinished()).isEmpty();
        assertThat(ledger.endedBefore(LATER.plusMillis(1))).containsExactly("b1");
    }

    @Test
    void findsUnfinishedBatchesOldestFirst() {
        for (String id : List.of("b3", "b1", "b5", "b2", "b4", "b6")) {
            ledger.open(id, "schedule", BEGAN, List.of("of-" + id), 7, false, null);
        }
        ledger.endBatch("b2", State.COMPLETED, null, LATER);
        ledger.endBatch("b3", State.PAUSED, "disk full", LATER);
        ledger.endBatch("b4", State.FAILED, "no list", LATER);
        ledger.endBatch("b5", State.ABANDONED, "too old", LATER);

        assertThat(ledger.unfinished())
                .extracting(BatchEntry::id, BatchEntry::state)
                .containsExactly(tuple("b1", State.RUNNING), tuple("b3", State.PAUSED), tuple("b6", State.RUNNING));
    }

    @Test
    void newBatchSupersedesUnfinishedRunsOfItsIndexers() {
        ledger.open("b1", "schedule", BEGAN, List.of("functions", "patents"), 7, false, null);
        ledger.startRun("b1", "functions", BEGAN);
        ledger.endRun("b1", "functions", State.COMPLETED, null, BEGAN);
        ledger.endRun("b1", "patents", State.PAUSED, "disk full", BEGAN);
        ledger.endBatch("b1", State.PAUSED, null, BEGAN);

        ledger.open("b2", "schedule", LATER, List.of("functions", "patents"), 7, false, null);

        assertThat(states("b1")).containsExactly(State.COMPLETED, State.ABANDONED);
        assertThat(run("patents")).startsWith("superseded by batch b2");
        assertThat(ledger.batch("b1").orElseThrow().state()).isEqualTo(State.ABANDONED);
        assertThat(ledger.unfinished()).extracting(BatchEntry::id).containsExactly("b2");
        assertThat(states("b2")).containsExactly(State.NOT_STARTED, State.NOT_STARTED);
    }

    @Test
    void newBatchLeavesUnfinishedRunsOfOtherIndexersAlone() {
        ledger.open("b1", "schedule", BEGAN, List.of("functions", "patents"), 7, false, null);
        ledger.endBatch("b1", State.PAUSED, "disk full", BEGAN);

        ledger.open("b2", "schedule", LATER, List.of("patents"), 7, false, null);

        assertThat(states("b1")).containsExactly(State.NOT_STARTED, State.ABANDONED);
        assertThat(ledger.unfinished()).extracting(BatchEntry::id).containsExactly("b1", "b2");
    }

    @Test
    void findsTheNewestBatch() {
        assertThat(ledger.newest()).isEmpty();
        assertThat(ledger.isNewest("b1")).isFalse();

        ledger.open("b2", "schedule", BEGAN, List.of("functions"), 7, false, null);
        ledger.open("b1", "schedule", LATER, List.of("patents"), 7, false, null);
        ledger.endBatch("b2", State.PAUSED, "disk full", LATER);

        assertThat(ledger.newest()).contains(new BatchEntry("b2", State.PAUSED, null, BEGAN, "disk full", false));
        assertThat(ledger.isNewest("b2")).isTrue();
        assertThat(ledger.isNewest("b1")).isFalse();
    }

    @Test
    void findsTheNewestRunOfEachIndexer() {
        ledger.open("b1", "schedule", BEGAN, List.of("functions", "patents"), 7, false, null);
        ledger.open("b2", "schedule", BEGAN, List.of("patents"), 8, false, null);
        ledger.endRun("b2", "patents", State.PAUSED, "disk full", LATER);
        end(new Chunk("b2", "patents", 1, List.of()), new Counts(7, 6, 12, 1, 9));

        assertThat(ledger.newestRuns())
                .containsExactly(
                        new RunEntry("b1", "functions", State.NOT_STARTED, 7, Counts.NONE, null),
                        new RunEntry("b2", "patents", State.PAUSED, 8, new Counts(7, 6, 12, 1, 9), "disk full"));
    }

    @Test
    void findsOnlyBatchesThatEndedLongAgo() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        for (State state : List.of(State.COMPLETED, State.FAILED, State.ABANDONED, State.PAUSED)) {
            ledger.open("old " + state, "schedule", BEGAN, List.of(state.text()), 7, false, null);
            ledger.endBatch("old " + state, state, null, now.minus(Duration.ofDays(31)));
        }
        ledger.open("recent", "schedule", BEGAN, List.of("patents"), 7, false, null);
        ledger.endBatch("recent", State.COMPLETED, null, now.minus(Duration.ofDays(29)));
        ledger.open("under way", "schedule", BEGAN, List.of("functions"), 7, false, null);

        assertThat(ledger.endedBefore(now.minus(Duration.ofDays(30))))
                .containsExactly("old abandoned", "old completed", "old failed");
    }

    @Test
    void removesABatchWithAllItsData() {
        ledger.open("b1", "schedule", BEGAN, List.of("patents"), 7, false, null);
        end(new Chunk("b1", "patents", 1, List.of()), Counts.NONE);
        ledger.open("b2", "schedule", BEGAN, List.of("patents"), 7, false, null);

        ledger.forget("b1");

        assertThat(ledger.batch("b1")).isEmpty();
        assertThat(ledger.batch("b2")).isPresent();
        assertThat(database.sql()
                        .sql("select count(*) from chunk")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void storesReasonsWithAnyText() {
        ledger.open("b1", "schedule", BEGAN, List.of("patents"), 7, false, null);

        ledger.endBatch("b1", State.FAILED, "a\0b 'quoted' 😀 " + "x".repeat(100_000), LATER);

        assertThat(database.sql()
                        .sql("select last_error from batch")
                        .query(String.class)
                        .single())
                .isEqualTo("ab 'quoted' 😀 " + "x".repeat(100_000));
    }

    private void end(Chunk chunk, Counts counts) {
        database.chunks().begin(chunk);
        database.chunks().end(new ChunkOutcomes(chunk, List.of()), counts, LATER);
    }

    private List<State> states(String batchId) {
        return ledger.runs(batchId).stream().map(RunEntry::state).toList();
    }

    /** The last error, start and end of a run. */
    private List<Object> run(String indexer) {
        return database.sql()
                .sql("select last_error, began, ended from run where indexer = ? order by batch_id")
                .param(indexer)
                .query((row, number) -> Arrays.<Object>asList(
                        row.getString("last_error"), instant(row, "began"), instant(row, "ended")))
                .list()
                .getFirst();
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
