package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.people.PeopleList;
import org.colleaguesearch.people.Person;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The chunks of a retried run. */
class PartialChunksTest {
    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    @Test
    void groupsPeopleWithFailedUrlsByChunk() {
        List<Chunk> chunks = all(retry(50, 10, position -> position == 3 || position == 9 || position == 40));

        assertThat(chunks)
                .extracting(Chunk::batchId, Chunk::indexer, Chunk::number, PartialChunksTest::ids, Chunk::isPartial)
                .containsExactly(
                        tuple("batch", "patents", 1, List.of("p3", "p9"), true),
                        tuple("batch", "patents", 5, List.of("p40"), true));
        assertThat(chunks.getFirst().people().getFirst()).isEqualTo(new Person("p3", "Name of p3"));
    }

    @Test
    void returnsAllPeopleWhenAllFailed() {
        List<Chunk> chunks = all(retry(35, 10, position -> true));

        assertThat(chunks).extracting(chunk -> chunk.people().size()).containsExactly(10, 10, 10, 5);
        assertThat(chunks).extracting(Chunk::number).containsExactly(1, 2, 3, 4);
    }

    @Test
    void runWithoutErrorsIsNotPending() {
        Batch batch = retry(10, 10, position -> false);

        assertThat(batch.pending()).isEmpty();
        assertThat(batch.state()).isEqualTo(State.COMPLETED);
    }

    /** They are read a thousand at a time, regardless of chunks. */
    @Test
    void splitsNoChunk() {
        List<Chunk> chunks = all(retry(4001, 700, position -> position % 10 != 0));

        assertThat(chunks).extracting(Chunk::number).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(chunks.stream().flatMap(chunk -> ids(chunk).stream()))
                .containsExactlyElementsOf(IntStream.range(0, 4001)
                        .filter(position -> position % 10 != 0)
                        .mapToObj(position -> "p" + position)
                        .toList());
    }

    @Test
    void returnsEachUrlOnceEvenIfItFailsAgain() {
        Batch batch = retry(2500, 100, position -> true);
        List<String> given = new ArrayList<>();
        for (Iterator<Chunk> chunks = chunks(batch); chunks.hasNext(); ) {
            Chunk chunk = chunks.next();
            given.addAll(ids(chunk));
            database.chunks().retried(failures(chunk), Counts.NONE, Instant.now());
        }

        assertThat(given).hasSize(2500).doesNotHaveDuplicates();
        assertThat(database.chunks().failed("batch", "patents", -1, 3000)).hasSize(2500);
    }

    /** They are repeated because their part is missing. */
    @Test
    void returnsUndoneChunksFirstAndWhole() {
        Batch batch = retry(35, 10, position -> position % 10 == 3);
        database.chunks().undo("batch", "patents", 2);
        database.chunks().undo("batch", "patents", 4);

        assertThat(all(batch))
                .extracting(
                        Chunk::number, Chunk::isPartial, chunk -> chunk.people().size())
                .containsExactly(tuple(2, false, 10), tuple(4, false, 5), tuple(1, true, 1), tuple(3, true, 1));
    }

    @Test
    void endsEarlyWhenTheRunIsStopping() {
        Batch batch = retry(50, 10, position -> true);
        Iterator<Chunk> chunks = chunks(batch);
        chunks.next();
        batch.stop("the application is stopping");

        assertThat(chunks.hasNext()).isFalse();
    }

    private Iterator<Chunk> chunks(Batch batch) {
        Run run = batch.pending().getFirst();
        run.start(database.ledger().counts("batch", "patents"));
        return new Chunks(database.chunks(), database.held(), database.database()).of(run);
    }

    private List<Chunk> all(Batch batch) {
        List<Chunk> all = new ArrayList<>();
        chunks(batch).forEachRemaining(all::add);
        return all;
    }

    private static List<String> ids(Chunk chunk) {
        return chunk.people().stream().map(Person::id).toList();
    }

    /** A reopened batch, in which the URLs of the people at these positions have failed. */
    private Batch retry(int people, int chunkSize, IntPredicate hasFailed) {
        database.ledger().open("batch", "test", Instant.now(), List.of("functions", "patents"), chunkSize, false, null);
        PeopleList list = database.people().list("batch", 0);
        list.add(IntStream.range(0, people)
                .mapToObj(i -> new Person("p" + i, "Name of p" + i))
                .toList());
        for (int number = 1; (number - 1) * chunkSize < people; number++) {
            int first = (number - 1) * chunkSize;
            List<Person> failed = IntStream.range(first, Math.min(people, first + chunkSize))
                    .filter(hasFailed)
                    .mapToObj(i -> new Person("p" + i, ""))
                    .toList();
            ChunkOutcomes outcomes = failures(new Chunk("batch", "patents", number, failed));
            database.chunks().begin(outcomes.chunk());
            database.chunks().end(outcomes, Counts.of(outcomes, true, true), Instant.now());
        }
        for (String indexer : List.of("functions", "patents")) {
            database.ledger().endRun("batch", indexer, State.COMPLETED, null, Instant.now());
        }
        return Batch.ofRetry(
                database.ledger().batch("batch").orElseThrow(),
                list,
                database.ledger().runs("batch"),
                run -> run.counts().errors() > 0,
                Run.Kind.RETRY);
    }

    private static ChunkOutcomes failures(Chunk chunk) {
        return new ChunkOutcomes(
                chunk,
                chunk.people().stream()
                        .map(person -> new Failed(new Call(person, "https://api/" + person.id()), "gone", 404, 1))
                        .map(Outcome.class::cast)
                        .toList());
    }
}
