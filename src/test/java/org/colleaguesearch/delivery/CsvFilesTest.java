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
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.people.Person;
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

    /** More than are read of the ledger at once. */
    private static final List<String> IDS =
            IntStream.range(0, 2001).mapToObj(i -> "p" + i).toList();

    private CsvFiles files;

    @BeforeEach
    void makeFiles() {
        files = files(FixedIndexers.named("patents", "functions"));
        Delivered.open(database, IDS);
    }

    private CsvFiles files(FixedIndexers indexers) {
        Settings settings = ShippedSettings.with("colleagues.csv.folder=" + folder);
        return new CsvFiles(settings, indexers, new CsvRows(indexers, settings), database.chunks());
    }

    @Test
    void namesPartsByIndexerBatchAndNumber() {
        assertThat(files.part(chunk(7))).isEqualTo("patents/batch.parts/000000007.csv");
        assertThat(files.part(chunk(1_234_567))).isEqualTo("patents/batch.parts/001234567.csv");
    }

    @Test
    void partsWithOtherColumnsAreNone() throws IOException {
        files.begin("patents", "batch");
        write(files.part(chunk(1)), "row\r\n");
        assertThat(files.hasOtherColumns("patents", "batch")).isFalse();
        assertThat(files.hasPart("patents", "batch", 1)).isTrue();

        CsvFiles edited = files(new FixedIndexers(new Indexer("patents", List.of("title"), "fetch", false)));
        assertThat(edited.hasOtherColumns("patents", "batch")).isTrue();
        assertThat(edited.hasPart("patents", "batch", 1)).isFalse();

        edited.begin("patents", "batch");
        assertThat(edited.hasPart("patents", "batch", 1)).isTrue();
        edited.join("patents", "batch");
        assertThat(read("patents/batch.csv")).isEqualTo("person_id,title\r\nrow\r\n");
    }

    @Test
    void joinsPartsInTheOrderOfTheChunksWhateverOrderTheyWereWrittenIn() throws IOException {
        List<Integer> numbers = IntStream.rangeClosed(1, 1500).boxed().collect(Collectors.toList());
        Collections.shuffle(numbers, new Random(7));
        for (int number : numbers) {
            write(files.part(chunk(number)), "row " + number + "\r\n");
        }
        files.join("patents", "batch");

        assertThat(read("patents/batch.csv")).isEqualTo(HEADER + rows(1500));
        assertThat(read("patents/batch.errors.csv")).isEqualTo(ERROR_HEADER);
    }

    private static String rows(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> "row " + n + "\r\n")
                .collect(Collectors.joining());
    }

    @Test
    void listsErrorsInTheOrderOfThePeopleWhateverOrderTheChunksEndedIn() throws IOException {
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

        assertThat(read("patents/batch.errors.csv"))
                .isEqualTo(ERROR_HEADER
                        + IDS.stream()
                                .map(id -> id + ",https://api/people/" + id + "/patents,gone,404,1\r\n")
                                .collect(Collectors.joining()));
    }

    @Test
    void takesNoErrorsOfOtherRuns() throws IOException {
        Delivered.tickOff(database, Outcomes.of(1, Outcomes.failed("p0", "gone", 404, 1)));
        files.join("functions", "batch");
        files.join("patents", "other");

        assertThat(read("functions/batch.errors.csv")).isEqualTo(ERROR_HEADER);
        assertThat(read("patents/other.errors.csv")).isEqualTo(ERROR_HEADER);
    }

    /** A crash may come after the files are in place, and before the ledger knows. */
    @Test
    void joinsAgainToTheSameFiles() throws IOException {
        write(files.part(chunk(1)), "row 1\r\n");
        write(files.part(chunk(2)), "row 2\r\n");
        Delivered.tickOff(database, Outcomes.of(1, Outcomes.failed("p0", "gone", 404, 1)));
        files.join("patents", "batch");
        String errors = read("patents/batch.errors.csv");
        files.join("patents", "batch");

        assertThat(read("patents/batch.csv")).isEqualTo(HEADER + rows(2));
        assertThat(read("patents/batch.errors.csv")).isEqualTo(errors).contains("p0");
    }

    @Test
    void writesOverWhatAnEarlierJoinHasLeftHalfDone() throws IOException {
        write("patents/batch.csv.tmp", "half a join, and longer than all that is written now");
        write(files.part(chunk(1)), "row 1\r\n");
        files.join("patents", "batch");

        assertThat(read("patents/batch.csv")).isEqualTo(HEADER + rows(1));
        assertThat(folder.resolve("patents/batch.csv.tmp")).doesNotExist();
    }

    @Test
    void knowsWhichPartsAreThere() throws IOException {
        write(files.part(chunk(1)), "row\r\n");

        assertThat(files.hasPart("patents", "batch", 1)).isTrue();
        assertThat(files.hasPart("patents", "batch", 2)).isFalse();
        assertThat(files.hasPart("functions", "batch", 1)).isFalse();
        files.dropPart(chunk(1));
        files.dropPart(chunk(2));
        assertThat(files.hasPart("patents", "batch", 1)).isFalse();
    }

    @Test
    void leavesOnlyTheTwoFilesOnceThePartsAreDropped() throws IOException {
        write(files.part(chunk(1)), "row\r\n");
        files.join("patents", "batch");
        assertThat(files.hasPart("patents", "batch", 1)).isTrue();
        files.dropParts("patents", "batch");
        files.dropParts("patents", "batch");

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
        Indexer odd = new Indexer("patents", List.of("a,b", "say \"hi\""), "fetch", false);
        files(new FixedIndexers(odd)).join("patents", "batch");

        assertThat(read("patents/batch.csv")).isEqualTo("person_id,\"a,b\",\"say \"\"hi\"\"\"\r\n");
    }

    @Test
    void takesNothingFromLeftoversAndOtherRuns() throws IOException {
        write(files.part(chunk(1)), "row\r\n");
        write("patents/batch.parts/000000002.csv.tmp", "half a row");
        write("patents/batch.parts/.000000003.csv", "hidden");
        write("patents/batch.parts/joined.csv.tmp", "a join that a power cut ended, longer than what is written now");
        write("patents/batch.parts/2.csv", "somebody's notes");
        write("patents/other.parts/000000001.csv", "of another batch");
        write("functions/batch.parts/000000001.csv", "of another indexer");
        files.join("patents", "batch");
        files.dropParts("patents", "batch");

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
        write(files.part(chunk(1)), "row\r\n");
        // A folder that is not empty stands where the file is to go.
        write("patents/batch.csv/x", "");

        assertThatThrownBy(() -> files.join("patents", "batch")).isInstanceOf(IOException.class);
        assertThat(read("patents/batch.parts/000000001.csv")).isEqualTo("row\r\n");
    }

    @Test
    void namesThePartOfRetryBesideThatOfItsChunk() {
        assertThat(files.part(retry(7))).isEqualTo("patents/batch.parts/000000007.csv.retry");
    }

    @Test
    void mergesRowsOfRetryInTheOrderOfThePeople() throws IOException {
        write(files.part(chunk(1)), "ada,A1,1\r\nada,A2,2\r\ncy,C,3\r\n");
        write(files.part(retry(1)), "bob,B,4\r\ndee,D1,5\r\ndee,D2,6\r\n");

        files.merge(retry(1), people("ada", "bob", "cy", "dee", "eve"));

        assertThat(read(files.part(chunk(1))))
                .isEqualTo("ada,A1,1\r\nada,A2,2\r\nbob,B,4\r\ncy,C,3\r\ndee,D1,5\r\ndee,D2,6\r\n");
        assertThat(names()).containsExactly(files.part(chunk(1)));
    }

    /** A kill may come after the merge, and before the ledger knows. */
    @Test
    void mergesAgainToTheSamePart() throws IOException {
        write(files.part(chunk(1)), "ada,A,1\r\ncy,C,3\r\n");
        for (int i = 0; i < 2; i++) {
            write(files.part(retry(1)), "bob,B1,4\r\nbob,B2,4\r\n");
            files.merge(retry(1), people("ada", "bob", "cy"));
        }

        assertThat(read(files.part(chunk(1)))).isEqualTo("ada,A,1\r\nbob,B1,4\r\nbob,B2,4\r\ncy,C,3\r\n");
    }

    @Test
    void retryReplacesTheRowsThatItsPeopleHaveAlready() throws IOException {
        write(files.part(chunk(1)), "ada,A,1\r\nbob,old 1,1\r\nbob,old 2,1\r\n");
        write(files.part(retry(1)), "bob,new,2\r\n");

        files.merge(retry(1), people("ada", "bob"));

        assertThat(read(files.part(chunk(1)))).isEqualTo("ada,A,1\r\nbob,new,2\r\n");
    }

    @Test
    void mergesIntoNoPartAndFromNone() throws IOException {
        write(files.part(retry(1)), "bob,B,4\r\n");
        files.merge(retry(1), people("ada", "bob"));
        files.merge(retry(1), people("ada", "bob"));
        files.merge(retry(2), people("cy"));

        assertThat(read(files.part(chunk(1)))).isEqualTo("bob,B,4\r\n");
        assertThat(read(files.part(chunk(2)))).isEmpty();
    }

    @Test
    void mergesRowsOfAnyTextUnchanged() throws IOException {
        String ada = "'=ada,\"a, \"\"quoted\"\"\nand\r\nbroken line\",\r\n'=ada,,\r\n";
        String bob = "\"b,ob\",'=SUM(A1:A2),\" Zoë 東京 😀 \"\r\n";
        String dee = "-5,\"#\",\\N\r\n";
        write(files.part(chunk(1)), ada + dee);
        write(files.part(retry(1)), bob);

        files.merge(retry(1), people("=ada", "b,ob", "-5"));

        assertThat(read(files.part(chunk(1)))).isEqualTo(ada + bob + dee);
    }

    @Test
    void joinsNoPartOfRetryThatIsNotMerged() throws IOException {
        write(files.part(chunk(1)), "row 1\r\n");
        write(files.part(retry(1)), "row 2\r\n");
        files.join("patents", "batch");

        assertThat(read("patents/batch.csv")).isEqualTo(HEADER + rows(1));
        files.dropPart(retry(1));
        assertThat(names()).contains(files.part(chunk(1))).doesNotContain(files.part(retry(1)));
    }

    private static Chunk retry(int number) {
        return new Chunk("batch", "patents", number, List.of(), true);
    }

    private static List<Person> people(String... ids) {
        return Stream.of(ids).map(id -> new Person(id, "")).toList();
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
