package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFilesTest {
    private static final String HEADER = "person_id,title,year\r\n";
    private static final String ERROR_HEADER = "person_id,url,reason,status,attempts\r\n";

    @TempDir
    Path folder;

    private CsvFiles files;

    @BeforeEach
    void makeFiles() {
        files = new CsvFiles(
                ShippedSettings.with("colleagues.csv.folder=" + folder), FixedIndexers.named("patents", "functions"));
    }

    @Test
    void namesPartsByIndexerBatchAndNumber() {
        assertThat(files.itemsPart(chunk(7))).isEqualTo("patents/batch.parts/000000007.csv");
        assertThat(files.errorsPart(chunk(1_234_567))).isEqualTo("patents/batch.parts/001234567.errors.csv");
    }

    @Test
    void joinsPartsInTheOrderOfTheChunksWhateverOrderTheyWereWrittenIn() throws IOException {
        List<Integer> numbers = IntStream.rangeClosed(1, 1500).boxed().collect(Collectors.toList());
        Collections.shuffle(numbers, new Random(7));
        for (int number : numbers) {
            write(files.itemsPart(chunk(number)), "row " + number + "\r\n");
            if (number % 3 == 0) {
                write(files.errorsPart(chunk(number)), "error " + number + "\r\n");
            }
        }
        files.join("patents", "batch");

        assertThat(read("patents/batch.csv")).isEqualTo(HEADER + lines("row ", 1));
        assertThat(read("patents/batch.errors.csv")).isEqualTo(ERROR_HEADER + lines("error ", 3));
    }

    private static String lines(String word, int step) {
        return IntStream.iterate(step, n -> n <= 1500, n -> n + step)
                .mapToObj(n -> word + n + "\r\n")
                .collect(Collectors.joining());
    }

    @Test
    void leavesOnlyTheTwoFiles() throws IOException {
        write(files.itemsPart(chunk(1)), "row\r\n");
        files.join("patents", "batch");

        assertThat(names()).containsExactly("patents/batch.csv", "patents/batch.errors.csv");
    }

    @Test
    void givesHeaderOnlyWhenThereAreNoParts() throws IOException {
        files.join("patents", "batch");

        assertThat(read("patents/batch.csv")).isEqualTo(HEADER);
        assertThat(read("patents/batch.errors.csv")).isEqualTo(ERROR_HEADER);
        assertThat(names()).hasSize(2);
    }

    @Test
    void quotesTheHeaderWhereNeeded() throws IOException {
        Indexer odd = new Indexer("patents", List.of("a,b", "say \"hi\""), "fetch");
        new CsvFiles(ShippedSettings.with("colleagues.csv.folder=" + folder), new FixedIndexers(odd))
                .join("patents", "batch");

        assertThat(read("patents/batch.csv")).isEqualTo("person_id,\"a,b\",\"say \"\"hi\"\"\"\r\n");
    }

    @Test
    void takesNothingFromLeftoversAndOtherRuns() throws IOException {
        write(files.itemsPart(chunk(1)), "row\r\n");
        write("patents/batch.parts/000000002.csv.tmp", "half a row");
        write("patents/batch.parts/.000000003.csv", "hidden");
        write("patents/batch.parts/joined.csv.tmp", "a join that a power cut ended, longer than what is written now");
        write("patents/batch.parts/2.csv", "somebody's notes");
        write("patents/other.parts/000000001.csv", "of another batch");
        write("functions/batch.parts/000000001.csv", "of another indexer");
        files.join("patents", "batch");

        assertThat(read("patents/batch.csv")).isEqualTo(HEADER + "row\r\n");
        assertThat(names())
                .containsExactly(
                        "functions/batch.parts/000000001.csv",
                        "patents/batch.csv",
                        "patents/batch.errors.csv",
                        "patents/other.parts/000000001.csv");
    }

    @Test
    void putsNewFilesInPlaceOfOldOnes() throws IOException {
        write("patents/batch.csv", "old and much longer than the new one is going to be");
        files.join("patents", "batch");

        assertThat(read("patents/batch.csv")).isEqualTo(HEADER);
    }

    @Test
    void keepsThePartsWhenTheJoinFails() throws IOException {
        write(files.itemsPart(chunk(1)), "row\r\n");
        // A folder that is not empty stands where the file is to go.
        write("patents/batch.csv/x", "");

        assertThatThrownBy(() -> files.join("patents", "batch")).isInstanceOf(IOException.class);
        assertThat(read("patents/batch.parts/000000001.csv")).isEqualTo("row\r\n");
    }

    private static Chunk chunk(int number) {
        return new Chunk("batch", "patents", number, List.of());
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
