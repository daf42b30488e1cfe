package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.ledger.History.Filter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On H2. {@link HistoryPostgresqlIT} runs the same tests on PostgreSQL. */
class HistoryTest {
    private static final Filter ANY = new Filter(null, null, null);
    private static final Instant BEGAN = Instant.parse("2026-11-23T02:00:00.123Z");
    private static final Instant LATER = BEGAN.plusSeconds(60);

    @RegisterExtension
    final TestLedger database = database();

    private final History history = database.history();

    TestLedger database() {
        return TestLedger.h2();
    }

    @BeforeEach
    void open() {
        for (String batch : List.of("b1", "b2", "b3")) {
            database.ledger().open(batch, "by " + batch, BEGAN, List.of("patents", "functions"), 7, false, null);
        }
    }

    @Test
    void returnsAllDataOfARun() {
        database.ledger().listed("b3", 10);
        database.ledger().startRun("b3", "patents", BEGAN);
        chunk("b3", 1, new Counts(7, 6, 12, 1, 9));
        chunk("b3", 2, new Counts(3, 3, 1, 0, 3));
        database.chunks().begin(new Chunk("b3", "patents", 3, List.of()));
        database.ledger().endRun("b3", "patents", State.PAUSED, "disk full", LATER);

        assertThat(history.run("b3", "patents"))
                .contains(new History.Entry(
                        new RunEntry("b3", "patents", State.PAUSED, 7, new Counts(10, 9, 13, 1, 12), "disk full"),
                        "by b3",
                        10,
                        BEGAN,
                        LATER));
        assertThat(history.run("b3", "functions"))
                .contains(new History.Entry(
                        new RunEntry("b3", "functions", State.NOT_STARTED, 7, Counts.NONE, null),
                        "by b3",
                        10,
                        null,
                        null));
        assertThat(history.run("b4", "patents")).isEmpty();
        assertThat(history.run("b3", "geography")).isEmpty();
    }

    @Test
    void listsPagesNewestFirst() {
        assertThat(names(ANY, 0, 10))
                .containsExactly(
                        "b3 functions", "b3 patents", "b2 functions", "b2 patents", "b1 functions", "b1 patents");
        assertThat(names(ANY, 1, 2)).containsExactly("b3 patents", "b2 functions");
        assertThat(names(ANY, 5, 2)).containsExactly("b1 patents");
        assertThat(names(ANY, 500_000_000L, 500)).isEmpty();
        assertThat(history.count(ANY)).isEqualTo(6);
    }

    @Test
    void filtersRuns() {
        database.ledger().endRun("b3", "patents", State.COMPLETED, null, LATER);
        chunk("b3", 1, new Counts(7, 6, 12, 1, 9));

        assertThat(names(new Filter("patents", null, null), 0, 10))
                .containsExactly("b3 patents", "b2 patents", "b1 patents");
        assertThat(names(new Filter(null, "b2", null), 0, 10)).containsExactly("b2 functions", "b2 patents");
        assertThat(names(new Filter(null, null, State.COMPLETED), 0, 10)).containsExactly("b3 patents");
        assertThat(names(new Filter("functions", "b1", State.ABANDONED), 0, 10)).containsExactly("b1 functions");
        assertThat(names(new Filter("functions", "b1", State.COMPLETED), 0, 10)).isEmpty();
        assertThat(history.count(new Filter("patents", null, null))).isEqualTo(3);
        assertThat(history.count(new Filter("patents", "b9", null))).isZero();
        assertThat(history.newest("patents").orElseThrow().run().counts().rows())
                .isEqualTo(12);
        assertThat(history.newest("geography")).isEmpty();
    }

    @Test
    void filtersByAnyText() {
        assertThat(history.count(new Filter("patents' or '1' = '1", null, null)))
                .isZero();
    }

    private void chunk(String batchId, int number, Counts counts) {
        Chunk chunk = new Chunk(batchId, "patents", number, List.of());
        database.chunks().begin(chunk);
        database.chunks().end(new ChunkOutcomes(chunk, List.of()), counts, LATER);
    }

    private List<String> names(Filter filter, long skip, int limit) {
        return history.runs(filter, skip, limit).stream()
                .map(entry -> entry.run().batchId() + " " + entry.run().indexer())
                .toList();
    }
}
