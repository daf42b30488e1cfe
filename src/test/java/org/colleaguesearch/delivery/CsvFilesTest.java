package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.colleaguesearch.delivery.Delivered.chunk;
import static org.colleaguesearch.delivery.Delivered.retry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CsvFilesTest {
    private static final String HEADER = "person_id,title,year\r\n";
    private static final String ERROR_HEADER = "person_id,url,reason,status,attempts\r\n";

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    @TempDir
    Path folder;

    /** More than one page of the ledger. */
    private static final List<String> IDS =
            IntStream.range(0, 2001).mapToObj(i -> "p" + i).toList();

    private CsvParts parts;
    private CsvFiles files;
    private CsvFolder csv;

    @BeforeEach
    void makeFiles() {
        csv = new CsvFolder(folder);
        parts = CsvPartsTest.parts(folder, FixedIndexers.named("patents", "functions"));
        files = files(FixedIndexers.named("patents", "functions"));
        Delivered.open(database, IDS);
    }

    private CsvFiles files(FixedIndexers indexers) {
        Settings settings = ShippedSettings.with("colleagues.csv.folder=" + folder);
        return new CsvFiles(
                CsvPartsTest.store(folder),
                CsvPartsTest.parts(folder, indexers),
                new CsvRows(indexers, settings),
                new CsvDialect(settings),
                database.chunks(),
                database.database());
    }

    @Test
    void joinsPartsInChunkOrder() throws IOException {
        List<Integer> numbers = IntStream.rangeClosed(1, 1500).boxed().collect(Collectors.toList());
        Collections.shuffle(numbers, new Random(7));
        for (int number : numbers) {
            part(number, "row " + number + "\r\n");
        }
        files.join("patents", "batch");

        assertThat(csv.read("patents/batch.csv")).isEqualTo(HEADER + rows(1500));
        assertThat(csv.read("patents/batch.errors.csv")).isEqualTo(ERROR_HEADER);
    }

    /** A done chunk with its part. */
    private void part(int chunk, String rows) throws IOException {
        csv.write(parts.name(chunk(chunk)), rows);
        Delivered.tickOff(database, Outcomes.of(chunk));
    }

    private static String rows(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> "row " + n + "\r\n")
                .collect(Collectors.joining());
    }

    @Test
    void listsErrorsInPeopleOrder() throws IOException {
        for (int chunk : List.of(3, 1, 2)) {
            Delivered.tickOff(
                    database,
                    Outcomes.of(
                            chunk,
                            IDS.subList(1000 * (chunk - 1), Math.min(1000 * chunk, IDS.size())).stream()
                                    .map(id -> Outcomes.failed(id, "gone", 404, 1))
                                    .toArray(Outcome[]::new)));
        }
        files.join("patents", "batch");

        assertThat(csv.read("patents/batch.errors.csv"))
                .isEqualTo(ERROR_HEADER
                        + IDS.stream()
                                .map(id -> id + ",https://api/people/" + id + "/patents,gone,404,1\r\n")
                                .collect(Collectors.joining()));
    }

    @Test
    void ignoresErrorsOfOtherRuns() throws IOException {
        Delivered.tickOff(database, Outcomes.of(1, Outcomes.failed("p0", "gone", 404, 1)));
        files.join("functions", "batch");
        files.join("patents", "other");

        assertThat(csv.read("functions/batch.errors.csv")).isEqualTo(ERROR_HEADER);
        assertThat(csv.read("patents/other.errors.csv")).isEqualTo(ERROR_HEADER);
    }

    /** The process may crash after writing the files and before the ledger records it. */
    @Test
    void joinsAgainToTheSameFiles() throws IOException {
        csv.write(parts.name(chunk(1)), "row 1\r\n");
        Delivered.tickOff(database, Outcomes.of(1, Outcomes.failed("p0", "gone", 404, 1)));
        part(2, "row 2\r\n");
        files.join("patents", "batch");
        String errors = csv.read("patents/batch.errors.csv");
        files.join("patents", "batch");

        assertThat(csv.read("patents/batch.csv")).isEqualTo(HEADER + rows(2));
        assertThat(csv.read("patents/batch.errors.csv")).isEqualTo(errors).contains("p0");
    }

    @Test
    void overwritesTheLeftoversOfAnInterruptedJoin() throws IOException {
        csv.write("patents/batch.csv.tmp", "half a join, and longer than all that is written now");
        part(1, "row 1\r\n");
        files.join("patents", "batch");

        assertThat(csv.read("patents/batch.csv")).isEqualTo(HEADER + rows(1));
        assertThat(folder.resolve("patents/batch.csv.tmp")).doesNotExist();
    }

    @Test
    void leavesOnlyTheTwoFilesAfterDroppingTheParts() throws IOException {
        part(1, "row\r\n");
        files.join("patents", "batch");
        assertThat(csv.names()).contains(parts.name(chunk(1)));
        parts.drop("patents", "batch");
        parts.drop("patents", "batch");

        assertThat(csv.names()).containsExactly("patents/batch.csv", "patents/batch.errors.csv");
    }

    @Test
    void writesOnlyAHeaderWhenThereAreNoParts() throws IOException {
        files.join("patents", "batch");

        assertThat(csv.read("patents/batch.csv")).isEqualTo(HEADER);
        assertThat(csv.read("patents/batch.errors.csv")).isEqualTo(ERROR_HEADER);
        assertThat(csv.names()).hasSize(2);
    }

    @Test
    void quotesTheHeaderWhereNeeded() throws IOException {
        Indexer odd = new Indexer("patents", List.of("a,b", "say \"hi\""), "fetch", false);
        files(new FixedIndexers(odd)).join("patents", "batch");

        assertThat(csv.read("patents/batch.csv")).isEqualTo("person_id,\"a,b\",\"say \"\"hi\"\"\"\r\n");
    }

    @Test
    void ignoresLeftoversAndOtherRuns() throws IOException {
        part(1, "row\r\n");
        csv.write("patents/batch.parts/000000002.csv.tmp", "half a row");
        csv.write("patents/batch.parts/.000000003.csv", "hidden");
        csv.write(
                "patents/batch.parts/joined.csv.tmp", "a join that a power cut ended, longer than what is written now");
        csv.write("patents/batch.parts/2.csv", "somebody's notes");
        csv.write("patents/batch.parts/000000001-7.csv", "what a node wrote that had lost the chunk to another");
        csv.write("patents/batch.parts/000000004.csv", "of a chunk that is not done");
        csv.write("patents/other.parts/000000001.csv", "of another batch");
        csv.write("functions/batch.parts/000000001.csv", "of another indexer");
        files.join("patents", "batch");
        parts.drop("patents", "batch");

        assertThat(csv.read("patents/batch.csv")).isEqualTo(HEADER + "row\r\n");
        assertThat(csv.names())
                .containsExactly(
                        "functions/batch.parts/000000001.csv",
                        "patents/batch.csv",
                        "patents/batch.errors.csv",
                        "patents/other.parts/000000001.csv");
    }

    @Test
    void replacesExistingFiles() throws IOException {
        csv.write("patents/batch.csv", "old and much longer than the new one is going to be");
        files.join("patents", "batch");

        assertThat(csv.read("patents/batch.csv")).isEqualTo(HEADER);
    }

    @Test
    void keepsThePartsWhenTheJoinFails() throws IOException {
        part(1, "row\r\n");
        // A non-empty folder has the name of the file.
        csv.write("patents/batch.csv/x", "");

        assertThatThrownBy(() -> files.join("patents", "batch")).isInstanceOf(IOException.class);
        assertThat(csv.read("patents/batch.parts/000000001.csv")).isEqualTo("row\r\n");
    }

    @Test
    void ignoresThePartOfAnUnmergedRetry() throws IOException {
        part(1, "row 1\r\n");
        csv.write(parts.name(retry(1)), "row 2\r\n");
        files.join("patents", "batch");

        assertThat(csv.read("patents/batch.csv")).isEqualTo(HEADER + rows(1));
        parts.drop(retry(1));
        assertThat(csv.names()).contains(parts.name(chunk(1))).doesNotContain(parts.name(retry(1)));
    }
}
