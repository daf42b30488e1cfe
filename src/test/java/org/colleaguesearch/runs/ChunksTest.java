package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunksTest {
    @TempDir
    Path folder;

    private Batch batch;

    @BeforeEach
    void openBatch() {
        batch = new Batch("batch", folder, List.of("patents"));
    }

    @AfterEach
    void deleteBatch() throws IOException {
        batch.people().delete();
    }

    @ParameterizedTest
    @CsvSource({"0,100,0,0", "1,100,1,1", "100,100,1,100", "101,100,2,1", "10,1,10,1", "10,7,2,3", "300,7,43,6"})
    void cutsPeopleIntoChunks(int people, int batchSize, int chunks, int sizeOfLast) throws IOException {
        list(people);
        List<Chunk> cut = new ArrayList<>();
        chunks(batchSize).forEachRemaining(cut::add);

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

    /** Camel asks again after the end; Java closes a file that is empty in another way than one that is not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void endsForGood(int full) throws IOException {
        list(50 * full);
        Iterator<Chunk> chunks = chunks(50);
        for (int i = 0; i < full; i++) {
            assertThat(chunks.next().people()).hasSize(50);
        }

        for (int i = 0; i < 3; i++) {
            assertThat(chunks.hasNext()).isFalse();
        }
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(chunks::next);
    }

    @Test
    void endsEarlyWhenTheRunIsToStop() throws IOException {
        list(100);
        Iterator<Chunk> chunks = chunks(10);
        assertThat(chunks.next().people()).hasSize(10);
        batch.stop();

        assertThat(chunks.hasNext()).isFalse();
        assertThat(chunks.hasNext()).isFalse();
    }

    private void list(int people) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode page = json.createObjectNode();
        var items = page.putArray("items");
        for (int i = 0; i < people; i++) {
            items.addObject().put("id", "p" + i).put("name", "P");
        }
        batch.people().add(page);
        batch.people().close();
    }

    private Iterator<Chunk> chunks(int batchSize) {
        return new Chunks(ShippedSettings.with("colleagues.indexing.batch-size=" + batchSize))
                .of(batch.runs().get(0));
    }
}
