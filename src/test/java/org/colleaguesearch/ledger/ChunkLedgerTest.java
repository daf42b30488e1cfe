package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.ChunkLedger.DoneChunk;
import org.colleaguesearch.ledger.ChunkLedger.FailedUrl;
import org.colleaguesearch.ledger.ChunkLedger.FrequentReason;
import org.colleaguesearch.people.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;

/** On H2. {@link ChunkLedgerPostgresqlIT} runs the same tests on PostgreSQL. */
class ChunkLedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00.123Z");

    @RegisterExtension
    final TestLedger database = database();

    private final ChunkLedger chunks = database.chunks();

    TestLedger database() {
        return TestLedger.h2();
    }

    @BeforeEach
    void openBatch() {
        database.ledger().open("b1", "test", NOW, List.of("functions", "patents"), 2, false, null);
        List<Person> people = Stream.of("ada", "bob", "cy")
                .map(id -> new Person(id, "Name of " + id))
                .toList();
        database.people().list("b1", 0).add(people);
    }

    @Test
    void forgivesUnfinishedChunksOfAPausedBatch() {
        chunks.begin(chunk("patents", 1));
        chunks.begin(chunk("patents", 1));
        chunks.begin(chunk("functions", 1));
        end(chunk("functions", 1), Counts.NONE);

        chunks.forgive("b1");

        assertThat(chunks.begin(chunk("patents", 1))).isEqualTo(1);
        assertThat(chunks.done("b1", "functions")).hasSize(1);
    }

    @Test
    void rejectsTheEndOfAChunkThatWasNeverStarted() {
        assertThatThrownBy(() -> end(chunk("patents", 1), Counts.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("chunk 1 of run patents of batch b1 was never started");
    }

    @Test
    void countsAttemptsOfAChunk() {
        assertThat(chunks.begin(chunk("patents", 1))).isEqualTo(1);
        assertThat(chunks.begin(chunk("patents", 1))).isEqualTo(2);
        assertThat(chunks.begin(chunk("patents", 2))).isEqualTo(1);
        assertThat(chunks.begin(chunk("functions", 1))).isEqualTo(1);
        assertThat(chunks.begin(chunk("patents", 1))).isEqualTo(3);
    }

    @Test
    void findsUnfinishedChunksWithManyAttempts() {
        for (int number : List.of(1, 2, 2, 3, 3, 10, 10, 10)) {
            chunks.begin(chunk("patents", number));
        }
        chunks.begin(chunk("functions", 1));
        end(chunk("patents", 3), Counts.NONE);

        assertThat(chunks.oftenBegun("b1", "patents", 2)).containsExactly(2, 10);
        assertThat(chunks.oftenBegun("b1", "patents", 3)).containsExactly(10);
        assertThat(chunks.oftenBegun("b1", "functions", 2)).isEmpty();
        assertThat(chunks.oftenBegun("b2", "patents", 1)).isEmpty();
    }

    @Test
    void startsNoChunkOfAnUnknownRun() {
        assertThatThrownBy(() -> chunks.begin(chunk("geography", 1))).isInstanceOf(DataAccessException.class);
    }

    @Test
    void recordsOnlyDoneChunks() {
        chunks.begin(chunk("patents", 1));
        chunks.begin(chunk("patents", 3));
        chunks.begin(chunk("functions", 2));
        assertThat(chunks.done("b1", "patents")).isEmpty();

        end(chunk("patents", 3), new Counts(2, 2, 5, 0, 2));
        end(chunk("functions", 2), new Counts(1, 1, 0, 0, 1));

        assertThat(chunks.done("b1", "patents")).containsExactly(new DoneChunk(3, 0, 5));
        assertThat(chunks.done("b1", "functions")).containsExactly(new DoneChunk(2, 0, 0));
        assertThat(chunks.done("b2", "patents")).isEmpty();
    }

    @Test
    void listsDoneChunksInOrder() {
        for (int number : List.of(10, 2, 1)) {
            chunks.begin(chunk("patents", number));
            end(chunk("patents", number), Counts.NONE);
        }

        assertThat(chunks.done("b1", "patents")).extracting(DoneChunk::number).containsExactly(1, 2, 10);
    }

    @Test
    void listsFailedUrlsInPeopleOrder() {
        chunks.begin(chunk("patents", 1));
        chunks.begin(chunk("patents", 2));
        Failed bob = failed("bob", "HTTP 404 Not Found", 404, 1);
        Failed cy = failed("cy", "timed out", null, 5);
        end(chunk("patents", 2), new Counts(1, 0, 0, 1, 5), cy);
        end(chunk("patents", 1), new Counts(2, 1, 1, 1, 2), fetched("ada"), bob);

        assertThat(chunks.failed("b1", "patents", -1, 10))
                .containsExactly(new FailedUrl(1, 1, bob), new FailedUrl(2, 2, cy));
        assertThat(chunks.failed("b1", "functions", -1, 10)).isEmpty();
    }

    @Test
    void readsFailedUrlsPageByPage() {
        chunks.begin(chunk("patents", 1));
        end(
                chunk("patents", 1),
                Counts.NONE,
                failed("ada", "x", null, 1),
                failed("bob", "x", null, 1),
                failed("cy", "x", null, 1));

        List<FailedUrl> first = chunks.failed("b1", "patents", -1, 2);
        List<FailedUrl> second = chunks.failed("b1", "patents", first.getLast().position(), 2);

        assertThat(first).extracting(FailedUrl::position).containsExactly(0, 1);
        assertThat(second).extracting(FailedUrl::position).containsExactly(2);
        assertThat(chunks.failed("b1", "patents", 2, 2)).isEmpty();
    }

    @Test
    void findsTheReasonThatMostFailedUrlsHave() {
        assertThat(chunks.mostFrequentReason("b1", "patents")).isEmpty();
        Failed bob = failed("bob", "HTTP 404 Not Found", 404, 1);
        chunks.begin(chunk("patents", 1));
        end(
                chunk("patents", 1),
                Counts.NONE,
                failed("ada", "timed out", null, 5),
                bob,
                failed("cy", "HTTP 404 Not Found", 404, 1));

        assertThat(chunks.mostFrequentReason("b1", "patents"))
                .hasValue(new FrequentReason("HTTP 404 Not Found", 2, bob.call().url()));
    }

    @Test
    void storesReasonsAndUrlsWithAnyText() {
        String odd = "it's \"odd\" \\ ; -- \n😀 " + "x".repeat(20_000);
        chunks.begin(chunk("patents", 1));
        Failed failed = new Failed(
                new Call(new Person("ada", "Name of ada"), "https://api/" + "y".repeat(5_000)), odd + "\0", 500, 3);
        end(chunk("patents", 1), Counts.NONE, failed);

        assertThat(chunks.failed("b1", "patents", -1, 10))
                .singleElement()
                .satisfies(url -> assertThat(url.failed()).isEqualTo(new Failed(failed.call(), odd, 500, 3)));
    }

    @Test
    void recordsTheEndOfAChunkAtomically() {
        chunks.begin(chunk("patents", 1));

        assertThatThrownBy(() -> end(
                        chunk("patents", 1),
                        Counts.NONE,
                        failed("ada", "HTTP 404", 404, 1),
                        failed("nobody", "HTTP 404", 404, 1)))
                .isInstanceOf(DataAccessException.class);

        assertThat(chunks.done("b1", "patents")).isEmpty();
        assertThat(chunks.failed("b1", "patents", -1, 10)).isEmpty();
    }

    @Test
    void undoneChunkStartsAgainWithoutErrors() {
        chunks.begin(chunk("patents", 1));
        chunks.begin(chunk("patents", 1));
        end(chunk("patents", 1), new Counts(2, 0, 0, 2, 2), failed("ada", "x", null, 1), failed("bob", "x", null, 1));
        chunks.begin(chunk("functions", 1));
        end(chunk("functions", 1), new Counts(1, 0, 0, 1, 1), failed("ada", "x", null, 1));

        chunks.undo("b1", "patents", 1);

        assertThat(chunks.done("b1", "patents")).isEmpty();
        assertThat(chunks.failed("b1", "patents", -1, 10)).isEmpty();
        assertThat(database.ledger().counts("b1", "patents")).isEqualTo(Counts.NONE);
        assertThat(chunks.failed("b1", "functions", -1, 10)).hasSize(1);
        assertThat(chunks.begin(chunk("patents", 1))).isEqualTo(1);
    }

    @Test
    void storesTheLargestChunkOfFailures() {
        int people = 10_000;
        List<Person> many = IntStream.range(0, people)
                .mapToObj(i -> new Person("p" + i, ""))
                .toList();
        database.people().list("b1", 3).add(many);
        chunks.begin(chunk("patents", 1));

        end(
                chunk("patents", 1),
                Counts.NONE,
                IntStream.range(0, people)
                        .mapToObj(i -> failed("p" + i, "x", null, 1))
                        .toArray(Outcome[]::new));

        assertThat(chunks.failed("b1", "patents", -1, people + 1)).hasSize(people);
    }

    private void end(Chunk chunk, Counts counts, Outcome... outcomes) {
        chunks.end(new ChunkOutcomes(chunk, List.of(outcomes)), counts, NOW);
    }

    private static Chunk chunk(String indexer, int number) {
        return new Chunk("b1", indexer, number, List.of());
    }

    private static Fetched fetched(String id) {
        return new Fetched(call(id), new ObjectMapper().createArrayNode(), 200, 1);
    }

    private static Failed failed(String id, String reason, Integer status, int attempts) {
        return new Failed(call(id), reason, status, attempts);
    }

    private static Call call(String id) {
        return new Call(new Person(id, "Name of " + id), "https://api/people/" + id + "/patents");
    }
}
