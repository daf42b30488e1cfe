package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.people.PeopleList;
import org.colleaguesearch.people.Person;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunksTest {
    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    @ParameterizedTest
    @CsvSource({"0,100,0,0", "1,100,1,1", "100,100,1,100", "101,100,2,1", "10,1,10,1", "10,7,2,3", "300,7,43,6"})
    void splitsPeopleIntoChunks(int people, int chunkSize, int chunks, int sizeOfLast) {
        List<Chunk> cut = new ArrayList<>();
        chunks(people, chunkSize).forEachRemaining(cut::add);

        assertThat(cut).hasSize(chunks);
        assertThat(cut)
                .extracting(Chunk::number)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, chunks).boxed().toList());
        assertThat(cut).allSatisfy(chunk -> {
            assertThat(chunk.batchId()).isEqualTo("batch");
            assertThat(chunk.indexer()).isEqualTo("patents");
        });
        assertThat(cut.stream().flatMap(chunk -> chunk.people().stream()).map(Person::id))
                .containsExactlyElementsOf(
                        IntStream.range(0, people).mapToObj(i -> "p" + i).toList());
        if (chunks > 0) {
            assertThat(cut.get(chunks - 1).people()).hasSize(sizeOfLast);
        }
    }

    /** Camel calls hasNext() again after the end. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void staysAtTheEnd(int full) {
        Iterator<Chunk> chunks = chunks(50 * full, 50);
        for (int i = 0; i < full; i++) {
            assertThat(chunks.next().people()).hasSize(50);
        }

        for (int i = 0; i < 3; i++) {
            assertThat(chunks.hasNext()).isFalse();
        }
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(chunks::next);
    }

    @Test
    void endsEarlyWhenTheRunIsStopping() {
        Batch batch = batch(100, 10);
        Iterator<Chunk> chunks = new Chunks(database.chunks(), database.held(), database.database())
                .of(batch.runs().get(0));
        assertThat(chunks.next().people()).hasSize(10);
        batch.stop("the application is stopping");

        assertThat(chunks.hasNext()).isFalse();
        assertThat(chunks.hasNext()).isFalse();
    }

    /** Otherwise Camel's splitter would end without the chunks in flight. */
    @Test
    void returnsTheAnnouncedChunkEvenIfTheRunIsStopping() {
        Batch batch = batch(100, 10);
        Iterator<Chunk> chunks = new Chunks(database.chunks(), database.held(), database.database())
                .of(batch.runs().get(0));
        assertThat(chunks.hasNext()).isTrue();
        batch.stop("the application is stopping");

        assertThat(chunks.hasNext()).isTrue();
        assertThat(chunks.next().number()).isEqualTo(1);
        assertThat(chunks.hasNext()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"'',1 2 3 4", "1,2 3 4", "4,1 2 3", "2 3,1 4", "1 2 3 4,''", "9,1 2 3 4"})
    void skipsDoneChunks(String done, String left) {
        Batch batch = batch(35, 10);
        for (int number : numbers(done)) {
            end(number);
        }
        List<Chunk> cut = new ArrayList<>();
        new Chunks(database.chunks(), database.held(), database.database())
                .of(batch.runs().get(0))
                .forEachRemaining(cut::add);

        assertThat(cut).extracting(Chunk::number).containsExactlyElementsOf(numbers(left));
        assertThat(cut)
                .allSatisfy(
                        chunk -> assertThat(chunk.people().getFirst().id()).isEqualTo("p" + (chunk.number() - 1) * 10));
    }

    @Test
    void suspectsAreUndoneChunksStartedMoreThanOnce() {
        Batch batch = batch(100, 10);
        for (int number : List.of(1, 2, 2, 3, 3, 3, 4, 4, 9, 9)) {
            database.chunks().begin(new Chunk("batch", "patents", number, List.of()));
        }
        end(4);
        List<Chunk> suspects = new ArrayList<>();
        new Chunks(database.chunks(), database.held(), database.database())
                .suspects(batch.runs().get(0))
                .forEachRemaining(suspects::add);

        assertThat(suspects).extracting(Chunk::number).containsExactly(2, 3, 9);
        assertThat(suspects.getLast().people().getFirst().id()).isEqualTo("p80");
    }

    @Test
    void returnsNoSuspectWhenTheRunIsStopping() {
        Batch batch = batch(30, 10);
        for (int number : List.of(1, 1, 2, 2)) {
            database.chunks().begin(new Chunk("batch", "patents", number, List.of()));
        }
        Iterator<Chunk> suspects = new Chunks(database.chunks(), database.held(), database.database())
                .suspects(batch.runs().get(0));
        assertThat(suspects.next().number()).isEqualTo(1);
        batch.stop("the application is stopping");

        assertThat(suspects.hasNext()).isFalse();
    }

    private void end(int number) {
        Chunk chunk = new Chunk("batch", "patents", number, List.of());
        database.chunks().begin(chunk);
        database.chunks().end(new ChunkOutcomes(chunk, List.of()), Counts.NONE, Instant.now());
    }

    private static List<Integer> numbers(String text) {
        return text.isEmpty()
                ? List.of()
                : Stream.of(text.split(" ")).map(Integer::valueOf).toList();
    }

    private Batch batch(int people, int chunkSize) {
        database.ledger().open("batch", "test", Instant.now(), List.of("patents"), chunkSize, false, null);
        PeopleList list = database.people().list("batch", 0);
        list.add(IntStream.range(0, people)
                .mapToObj(i -> new Person("p" + i, "P"))
                .toList());
        return Batch.of("batch", list, database.ledger().runs("batch"));
    }

    private Iterator<Chunk> chunks(int people, int chunkSize) {
        return new Chunks(database.chunks(), database.held(), database.database())
                .of(batch(people, chunkSize).runs().get(0));
    }
}
