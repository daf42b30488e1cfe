package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.people.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;

/** Retries three failed people in two chunks. On H2; {@link RetriedChunksPostgresqlIT} runs the same on PostgreSQL. */
class RetriedChunksTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00.123Z");

    @RegisterExtension
    final TestLedger database = database();

    private final ChunkLedger chunks = database.chunks();

    TestLedger database() {
        return TestLedger.h2();
    }

    @BeforeEach
    void failAll() {
        database.ledger().open("b1", "test", NOW, List.of("functions", "patents"), 2, false, null);
        List<Person> people =
                Stream.of("ada", "bob", "cy").map(id -> new Person(id, "")).toList();
        database.people().list("b1", 0).add(people);
        for (String indexer : List.of("functions", "patents")) {
            end(indexer, 1, failed("ada", 1), failed("bob", 1));
            end(indexer, 2, failed("cy", 1));
        }
    }

    @Test
    void fetchedUrlIsNoLongerAnError() {
        retried(1, fetched("bob"));

        assertThat(failedUrls("patents")).containsExactly("ada", "cy");
        assertThat(database.ledger().counts("b1", "patents")).isEqualTo(new Counts(3, 1, 2, 2, 4));
    }

    @Test
    void urlThatFailedAgainHasOnlyItsNewReason() {
        retried(1, failed("ada", 5), fetched("bob"));

        assertThat(chunks.failed("b1", "patents", -1, 10))
                .extracting(url -> url.failed().reason())
                .containsExactly("after 5", "after 1");
        assertThat(database.ledger().counts("b1", "patents")).isEqualTo(new Counts(3, 1, 2, 2, 9));
    }

    @Test
    void noErrorRemainsWhenAllAreFetched() {
        retried(2, fetched("cy"));
        retried(1, fetched("ada"), fetched("bob"));

        assertThat(failedUrls("patents")).isEmpty();
        assertThat(database.ledger().counts("b1", "patents")).isEqualTo(new Counts(3, 3, 6, 0, 6));
        assertThat(chunks.done("b1", "patents"))
                .containsExactly(new ChunkLedger.DoneChunk(1, 0, 4), new ChunkLedger.DoneChunk(2, 0, 2));
    }

    @Test
    void otherRunsStayUnchanged() {
        retried(1, fetched("ada"), fetched("bob"));

        assertThat(failedUrls("functions")).containsExactly("ada", "bob", "cy");
        assertThat(database.ledger().counts("b1", "functions")).isEqualTo(new Counts(3, 0, 0, 3, 3));
    }

    @Test
    void isAtomic() {
        assertThatThrownBy(() -> retried(1, fetched("ada"), failed("nobody", 1)))
                .isInstanceOf(DataAccessException.class);

        assertThat(failedUrls("patents")).containsExactly("ada", "bob", "cy");
        assertThat(database.ledger().counts("b1", "patents")).isEqualTo(new Counts(3, 0, 0, 3, 3));
    }

    private List<String> failedUrls(String indexer) {
        return chunks.failed("b1", indexer, -1, 10).stream()
                .map(url -> url.failed().call().person().id())
                .toList();
    }

    private void end(String indexer, int number, Outcome... outcomes) {
        ChunkOutcomes ended = outcomes(indexer, number, false, outcomes);
        chunks.begin(ended.chunk());
        chunks.end(ended, Counts.of(ended, true, true), NOW);
    }

    private void retried(int number, Outcome... outcomes) {
        ChunkOutcomes ended = outcomes("patents", number, true, outcomes);
        chunks.retried(ended, Counts.of(ended, true, true).afterFailure(), NOW);
    }

    private static ChunkOutcomes outcomes(String indexer, int number, boolean isRetry, Outcome... outcomes) {
        List<Person> people =
                Arrays.stream(outcomes).map(outcome -> outcome.call().person()).toList();
        return new ChunkOutcomes(
                new Chunk("b1", indexer, number, people, isRetry ? Chunk.Part.FAILED : Chunk.Part.ALL),
                List.of(outcomes));
    }

    /** An outcome with two items. */
    private static Fetched fetched(String id) {
        ArrayNode section = new ObjectMapper().createArrayNode();
        section.addObject();
        section.addObject();
        return new Fetched(call(id), section, 200, 1);
    }

    private static Failed failed(String id, int attempts) {
        return new Failed(call(id), "after " + attempts, 500, attempts);
    }

    private static Call call(String id) {
        return new Call(new Person(id, ""), "https://api/people/" + id);
    }
}
