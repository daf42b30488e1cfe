package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.colleaguesearch.delivery.Delivered.chunk;
import static org.colleaguesearch.delivery.Delivered.retry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.ledger.ChunkLedger.DoneChunk;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Readers;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    static CsvParts parts(Path folder, FixedIndexers indexers, String... changes) {
        Settings settings =
                ShippedSettings.with(Stream.concat(Stream.of("colleagues.csv.folder=" + folder), Stream.of(changes))
                        .toArray(String[]::new));
        return new CsvParts(store(folder), indexers, new CsvRows(indexers, settings), new CsvDialect(settings));
    }

    static FileStore store(Path folder) {
        return new FolderStore(folder, Readers.OWNER);
    }

    /** The same parts after a restart. */
    private CsvParts parts(String... changes) {
        return parts(folder, FixedIndexers.named("patents", "functions"), changes);
    }

    @Test
    void namesPartsByIndexerBatchAndNumber() {
        assertThat(parts.name(chunk(7))).isEqualTo("patents/batch.parts/000000007.csv");
        assertThat(parts.name(chunk(1_234_567))).isEqualTo("patents/batch.parts/001234567.csv");
    }

    @Test
    void recognisesPartsWithOtherColumns() throws IOException {
        parts.begin("patents", "batch");
        assertThat(parts.hasOtherColumns("patents", "batch")).isFalse();

        CsvParts edited = parts(folder, new FixedIndexers(new Indexer("patents", List.of("title"), "fetch", false)));
        assertThat(edited.hasOtherColumns("patents", "batch")).isTrue();

        edited.begin("patents", "batch");
        assertThat(edited.hasOtherColumns("patents", "batch")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"delimiter=;", "delimiter=tab", "quote=all", "line-end=lf"})
    void recognisesPartsInAnotherDialect(String change) throws IOException {
        parts.begin("patents", "batch");
        CsvParts edited = parts("colleagues.csv." + change);

        assertThat(edited.hasOtherColumns("patents", "batch")).isTrue();
        edited.begin("patents", "batch");
        assertThat(edited.hasOtherColumns("patents", "batch")).isFalse();
        assertThat(parts.hasOtherColumns("patents", "batch")).isTrue();
    }

    /** Only the joined file has the byte order mark. */
    @Test
    void partsAreTheSameWithByteOrderMarkAndWithout() throws IOException {
        parts.begin("patents", "batch");

        assertThat(parts("colleagues.csv.bom=true").hasOtherColumns("patents", "batch"))
                .isFalse();
        assertThat(csv.read("patents/batch.parts/columns.csv")).isEqualTo("person_id,title,year\r\n");
    }

    @Test
    void knowsWhichPartsHaveRows() throws IOException {
        csv.write(parts.name(chunk(1)), "ada,A,1\r\n");
        csv.write(parts.name(chunk(3)), "");
        csv.write(parts.name(chunk(4)), "ada;A;1\r\n");
        csv.write(parts.name(chunk(5)), "ada,\"A,1\r\n");

        assertThat(parts.withRows("patents", "batch").test(done(1))).isTrue();
        assertThat(parts.withRows("patents", "batch").test(done(2))).isFalse();
        assertThat(parts.withRows("functions", "batch").test(done(1))).isFalse();
        assertThat(parts.withRows("patents", "batch").test(done(3))).isFalse();
        assertThat(parts.withRows("patents", "batch").test(done(4))).isFalse();
        assertThat(parts.withRows("patents", "batch").test(done(5))).isFalse();
        parts.drop(chunk(1));
        parts.drop(chunk(2));
        assertThat(parts.withRows("patents", "batch").test(done(1))).isFalse();
    }

    @Test
    void retryHasItsOwnPartBesideThatOfTheChunk() {
        assertThat(parts.name(retry(7))).isEqualTo("patents/batch.parts/000000007.csv.retry");
    }

    @Test
    void mergesRowsOfRetryInPeopleOrder() throws IOException {
        csv.write(parts.name(chunk(1)), "ada,A1,1\r\nada,A2,2\r\ncy,C,3\r\n");
        csv.write(parts.name(retry(1)), "bob,B,4\r\ndee,D1,5\r\ndee,D2,6\r\n");

        parts.merge(retry(1), people("ada", "bob", "cy", "dee", "eve"), 0);

        assertThat(csv.read(parts.name(chunk(1))))
                .isEqualTo("ada,A1,1\r\nada,A2,2\r\nbob,B,4\r\ncy,C,3\r\ndee,D1,5\r\ndee,D2,6\r\n");
        assertThat(folder.resolve(parts.name(retry(1)))).doesNotExist();
    }

    /** The process may be killed after the merge and before the ledger records it. */
    @Test
    void mergesAgainToTheSamePart() throws IOException {
        csv.write(parts.name(chunk(1)), "ada,A,1\r\ncy,C,3\r\n");
        for (int i = 0; i < 2; i++) {
            csv.write(parts.name(retry(1)), "bob,B1,4\r\nbob,B2,4\r\n");
            parts.merge(retry(1), people("ada", "bob", "cy"), 0);
        }

        assertThat(csv.read(parts.name(chunk(1)))).isEqualTo("ada,A,1\r\nbob,B1,4\r\nbob,B2,4\r\ncy,C,3\r\n");
    }

    @Test
    void retryReplacesExistingRowsOfItsPeople() throws IOException {
        csv.write(parts.name(chunk(1)), "ada,A,1\r\nbob,old 1,1\r\nbob,old 2,1\r\n");
        csv.write(parts.name(retry(1)), "bob,new,2\r\n");

        parts.merge(retry(1), people("ada", "bob"), 0);

        assertThat(csv.read(parts.name(chunk(1)))).isEqualTo("ada,A,1\r\nbob,new,2\r\n");
    }

    @Test
    void mergesWhenEitherPartIsMissing() throws IOException {
        csv.write(parts.name(retry(1)), "bob,B,4\r\n");
        parts.merge(retry(1), people("ada", "bob"), 0);
        parts.merge(retry(1), people("ada", "bob"), 0);
        parts.merge(retry(2), people("cy"), 0);

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

        parts.merge(retry(1), people("=ada", "b,ob", "-5"), 0);

        assertThat(csv.read(parts.name(chunk(1)))).isEqualTo(ada + bob + dee);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada;A;1\r\ncy;C;3\r\n",
                "ada\tA\t1\r\n",
                "ada,A,1\r\ncy,C\r\n",
                "ada,A,1,\r\n",
                "ada,A,1\r\n\r\ncy,C,3\r\n",
                "ada,A,1\r\ncy,\"C,3\r\n",
                "ada,A,1\r\ncy,\"C\"D,3\r\n",
                "ada,A,1\r\nxavier,X,3\r\n",
                "'ada,A,1\r\n",
                "\uFEFFada,A,1\r\n",
                "ada,A,1|cy,C,3|",
            })
    void keepsThePartUnchangedWhenARowCouldBeLost(String before) throws IOException {
        for (String odd : List.of(parts.name(chunk(1)), parts.name(retry(1)))) {
            csv.write(parts.name(chunk(1)), "ada,A,1\r\n");
            csv.write(parts.name(retry(1)), "bob,B,4\r\n");
            csv.write(odd, before);
            String part = csv.read(parts.name(chunk(1)));
            String retried = csv.read(parts.name(retry(1)));

            assertThatThrownBy(() -> parts.merge(retry(1), people("ada", "bob", "cy"), 0))
                    .isInstanceOf(NotDeliverable.class)
                    .hasMessageContaining(odd + ": ")
                    .hasMessageContaining("colleagues.csv");

            assertThat(csv.read(parts.name(chunk(1)))).isEqualTo(part);
            assertThat(csv.read(parts.name(retry(1)))).isEqualTo(retried);
        }
    }

    @Test
    void keepsThePartUnchangedWhenItIsNotUtf8() throws IOException {
        byte[] before = "ada,\u00C5,1\r\n".getBytes(StandardCharsets.ISO_8859_1);
        csv.write(parts.name(retry(1)), "bob,B,4\r\n");
        Files.write(folder.resolve(parts.name(chunk(1))), before);

        assertThatThrownBy(() -> parts.merge(retry(1), people("ada", "bob"), 0)).isInstanceOf(NotDeliverable.class);

        assertThat(folder.resolve(parts.name(chunk(1)))).hasBinaryContent(before);
    }

    @Test
    void refusesToMergeWhenTwoPeopleHaveTheSameFirstCell() throws IOException {
        csv.write(parts.name(chunk(1)), "'=a,A,1\r\n");
        csv.write(parts.name(retry(1)), "'=a,B,4\r\n");

        assertThatThrownBy(() -> parts.merge(retry(1), people("=a", "'=a"), 0))
                .isInstanceOf(NotDeliverable.class)
                .hasMessageStartingWith("cannot distinguish the rows of '=a' and ''=a'");

        assertThat(csv.read(parts.name(chunk(1)))).isEqualTo("'=a,A,1\r\n");
    }

    @Test
    void mergesInAnyDialect() throws IOException {
        CsvParts edited = parts("colleagues.csv.delimiter=;", "colleagues.csv.quote=all", "colleagues.csv.line-end=lf");
        csv.write(parts.name(chunk(1)), "\"ada\";\"A;,\n\";\"1\"\n");
        csv.write(parts.name(retry(1)), "\"bob\";\"\";\"4\"\n");

        edited.merge(retry(1), people("bob", "ada"), 0);

        assertThat(csv.read(parts.name(chunk(1)))).isEqualTo("\"bob\";\"\";\"4\"\n\"ada\";\"A;,\n\";\"1\"\n");
    }

    /** Ids whose cells start with an apostrophe, and ids that look like it. */
    @Test
    void findsTheRowsOfOddIds() throws IOException {
        List<String> ids =
                List.of("=a", "+1 202", "+a", "-5", "\n=a", "\t", "\uFF1Da", " =a", " a ", "'a", "a\"b", "a,b");
        CsvDialect dialect = new CsvDialect(ShippedSettings.with());
        CsvCells cells = new CsvCells(true);
        StringBuilder rows = new StringBuilder();
        for (String id : ids) {
            rows.append(new String(dialect.line(List.of(cells.of(id), "T", "1")), StandardCharsets.UTF_8));
        }
        csv.write(parts.name(chunk(1)), rows.toString());

        parts.merge(retry(1), people(ids.toArray(String[]::new)), 0);

        assertThat(csv.read(parts.name(chunk(1)))).isEqualTo(rows.toString());
    }

    private static List<Person> people(String... ids) {
        return Stream.of(ids).map(id -> new Person(id, "")).toList();
    }

    private static DoneChunk done(int chunk) {
        return new DoneChunk(chunk, 0, 1);
    }
}
