package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.delivery.Delivered.chunk;
import static org.colleaguesearch.delivery.Delivered.retry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvPartsTest {
    @TempDir
    Path folder;

    private CsvParts parts;
    private CsvFolder csv;

    @BeforeEach
    void makeParts() {
        csv = new CsvFolder(folder);
        parts = parts(folder, FixedIndexers.named("patents", "functions"));
    }

    static CsvParts parts(Path folder, FixedIndexers indexers) {
        Settings settings = ShippedSettings.with("colleagues.csv.folder=" + folder);
        return new CsvParts(settings, indexers, new CsvRows(indexers, settings));
    }

    @Test
    void namesPartsByIndexerBatchAndNumber() {
        assertThat(parts.name(chunk(7))).isEqualTo("patents/batch.parts/000000007.csv");
        assertThat(parts.name(chunk(1_234_567))).isEqualTo("patents/batch.parts/001234567.csv");
    }

    @Test
    void tellsPartsWithOtherColumns() throws IOException {
        parts.begin("patents", "batch");
        csv.write(parts.name(chunk(1)), "row\r\n");
        assertThat(parts.hasOtherColumns("patents", "batch")).isFalse();
        assertThat(parts.has("patents", "batch", 1)).isTrue();

        CsvParts edited = parts(folder, new FixedIndexers(new Indexer("patents", List.of("title"), "fetch", false)));
        assertThat(edited.hasOtherColumns("patents", "batch")).isTrue();

        edited.begin("patents", "batch");
        assertThat(edited.hasOtherColumns("patents", "batch")).isFalse();
    }

    @Test
    void knowsWhichPartsAreThere() throws IOException {
        csv.write(parts.name(chunk(1)), "row\r\n");

        assertThat(parts.has("patents", "batch", 1)).isTrue();
        assertThat(parts.has("patents", "batch", 2)).isFalse();
        assertThat(parts.has("functions", "batch", 1)).isFalse();
        parts.drop(chunk(1));
        parts.drop(chunk(2));
        assertThat(parts.has("patents", "batch", 1)).isFalse();
    }

    @Test
    void namesThePartOfRetryBesideThatOfItsChunk() {
        assertThat(parts.name(retry(7))).isEqualTo("patents/batch.parts/000000007.csv.retry");
    }

    @Test
    void mergesRowsOfRetryInTheOrderOfThePeople() throws IOException {
        csv.write(parts.name(chunk(1)), "ada,A1,1\r\nada,A2,2\r\ncy,C,3\r\n");
        csv.write(parts.name(retry(1)), "bob,B,4\r\ndee,D1,5\r\ndee,D2,6\r\n");

        parts.merge(retry(1), people("ada", "bob", "cy", "dee", "eve"));

        assertThat(csv.read(parts.name(chunk(1))))
                .isEqualTo("ada,A1,1\r\nada,A2,2\r\nbob,B,4\r\ncy,C,3\r\ndee,D1,5\r\ndee,D2,6\r\n");
        assertThat(folder.resolve(parts.name(retry(1)))).doesNotExist();
    }

    /** A kill may come after the merge, and before the ledger knows. */
    @Test
    void mergesAgainToTheSamePart() throws IOException {
        csv.write(parts.name(chunk(1)), "ada,A,1\r\ncy,C,3\r\n");
        for (int i = 0; i < 2; i++) {
            csv.write(parts.name(retry(1)), "bob,B1,4\r\nbob,B2,4\r\n");
            parts.merge(retry(1), people("ada", "bob", "cy"));
        }

        assertThat(csv.read(parts.name(chunk(1)))).isEqualTo("ada,A,1\r\nbob,B1,4\r\nbob,B2,4\r\ncy,C,3\r\n");
    }

    @Test
    void retryReplacesTheRowsThatItsPeopleHaveAlready() throws IOException {
        csv.write(parts.name(chunk(1)), "ada,A,1\r\nbob,old 1,1\r\nbob,old 2,1\r\n");
        csv.write(parts.name(retry(1)), "bob,new,2\r\n");

        parts.merge(retry(1), people("ada", "bob"));

        assertThat(csv.read(parts.name(chunk(1)))).isEqualTo("ada,A,1\r\nbob,new,2\r\n");
    }

    @Test
    void mergesIntoNoPartAndFromNone() throws IOException {
        csv.write(parts.name(retry(1)), "bob,B,4\r\n");
        parts.merge(retry(1), people("ada", "bob"));
        parts.merge(retry(1), people("ada", "bob"));
        parts.merge(retry(2), people("cy"));

        assertThat(csv.read(parts.name(chunk(1)))).isEqualTo("bob,B,4\r\n");
        assertThat(csv.read(parts.name(chunk(2)))).isEmpty();
    }

    @Test
    void mergesRowsOfAnyTextUnchanged() throws IOException {
        String ada = "'=ada,\"a, \"\"quoted\"\"\nand\r\nbroken line\",\r\n'=ada,,\r\n";
        String bob = "\"b,ob\",'=SUM(A1:A2),\" Zoë 東京 😀 \"\r\n";
        String dee = "-5,\"#\",\\N\r\n";
        csv.write(parts.name(chunk(1)), ada + dee);
        csv.write(parts.name(retry(1)), bob);

        parts.merge(retry(1), people("=ada", "b,ob", "-5"));

        assertThat(csv.read(parts.name(chunk(1)))).isEqualTo(ada + bob + dee);
    }

    private static List<Person> people(String... ids) {
        return Stream.of(ids).map(id -> new Person(id, "")).toList();
    }
}
