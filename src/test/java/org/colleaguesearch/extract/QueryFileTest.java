package org.colleaguesearch.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id,query\n1,glass fibre\n2,\"a, \"\"b\"\"\"\n",
                "id,query\r\n1,glass fibre\r\n2,\"a, \"\"b\"\"\"\r\n",
                "id,query\r1,glass fibre\r2,\"a, \"\"b\"\"\"",
                "\uFEFFid,query\n1,glass fibre\n2,\"a, \"\"b\"\"\"",
                "\uFEFF\"id\",\"query\"\n\"1\",\"glass fibre\"\n\"2\",\"a, \"\"b\"\"\"",
                "\n id , query \n\n1,glass fibre\n\n\n2,\"a, \"\"b\"\"\"\n\n",
            })
    void readsFilesOfSpreadsheets(String content) throws IOException {
        List<Query> queries = read(content);

        assertThat(queries).extracting(Query::text).containsExactly("glass fibre", "a, \"b\"");
        assertThat(queries)
                .extracting(Query::cells)
                .containsExactly(List.of("1", "glass fibre"), List.of("2", "a, \"b\""));
    }

    @Test
    void readsAnyText() throws IOException {
        assertThat(read("query\n\"Zürich\n😀\"\n\"\"\n"))
                .extracting(Query::text)
                .containsExactly("Zürich\n😀", "");
    }

    @Test
    void hasNoQueriesBelowAHeaderOnly() throws IOException {
        assertThat(read("query")).isEmpty();
        assertThat(read("query\n")).isEmpty();
    }

    @Test
    void numbersQueriesAndTheirFirstLines() throws IOException {
        assertThat(read("id,query\n1,a\n\"2\n\n\",\"b\nc\"\n3,d"))
                .extracting(Query::toString)
                .containsExactly("query 1 (line 2)", "query 2 (line 3)", "query 3 (line 7)");
        assertThat(read("id,query\r\n1,\"a\r\nb\"\r\n2,c\r\n"))
                .extracting(Query::toString)
                .containsExactly("query 1 (line 2)", "query 2 (line 4)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|the file is empty: write a first line with the column names, including 'query'",
                "`\n\n`|the file is empty: write a first line with the column names, including 'query'",
                "`id,text\n1,a`|missing column 'query'",
                "`Query\na`|missing column 'query'",
                "`id;query\n1;a`|missing column 'query'; separate columns by commas",
                "`id\tquery\n1\ta`|missing column 'query'; separate columns by commas",
                "`query,query\na,b`|duplicate column 'query'",
                "`query,,\na,b,c`|duplicate column ''",
                "`query,score\na,1`|column 'score' is reserved for the result: rename it",
                "`id,query\n1,a\n2\n`|line 3 has 1 cells, but the header has 2",
                "`id,query\n1,a\n2,b,c\n`|line 3 has 3 cells, but the header has 2",
                "`id,query\n1,\"a\"b\n`|invalid CSV: Invalid character between encapsulated token and delimiter at line: 2, position: 15",
                "`id,query\n1,\"a\n2,b\n`|invalid CSV: (startline 2) EOF reached before encapsulated token finished",
            })
    void rejectsInvalidFiles(String content, String problem) {
        assertThatExceptionOfType(ExtractFailure.class)
                .isThrownBy(() -> check(content.getBytes(StandardCharsets.UTF_8)))
                .withMessage(problem);
    }

    @Test
    void limitsTheLengthOfAQuery() throws IOException {
        assertThat(read("query\n" + "😀".repeat(1_000))).hasSize(1);
        assertThatExceptionOfType(ExtractFailure.class)
                .isThrownBy(() -> check(("query\na\n" + "x".repeat(1_001)).getBytes(StandardCharsets.UTF_8)))
                .withMessage("query 2 (line 3) has 1001 characters: the maximum is 1000");
    }

    @ParameterizedTest
    @CsvSource({"ISO-8859-1, 'query\nZürich\n', 2", "ISO-8859-1, 'Köln,query\n1,a\n', 1", "UTF-16, 'query\na\n', 1"})
    void namesTheLineThatIsNotUtf8(String charset, String content, int line) {
        assertThatExceptionOfType(ExtractFailure.class)
                .isThrownBy(() -> check(content.getBytes(Charset.forName(charset))))
                .withMessageStartingWith("line " + line + " is not UTF-8");
    }

    /** Spans several buffers of the reader and of the line counter; one ends in the middle of a character. */
    @Test
    void namesTheLineThatIsNotUtf8FarIntoAFile() {
        byte[] good = ("query\n" + "ü\n".repeat(10_000)).getBytes(StandardCharsets.UTF_8);
        byte[] bad = Arrays.copyOf(good, good.length + 1);
        bad[good.length] = (byte) 0xC3;
        assertThatExceptionOfType(ExtractFailure.class)
                .isThrownBy(() -> check(bad))
                .withMessageStartingWith("line 10002 is not UTF-8");
    }

    /** An unclosed quote makes one cell of the rest of the file, which may not fit in memory. */
    @Test
    void rejectsAnEndlessRowBeforeReadingItAll() throws IOException {
        Path file = folder.resolve("huge.csv");
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write("query\na\n\"");
            for (int i = 0; i < 3_000; i++) {
                out.write("x".repeat(999) + "\n");
            }
        }

        assertThatExceptionOfType(ExtractFailure.class)
                .isThrownBy(() -> QueryFile.check(file))
                .withMessageStartingWith("after line 2, a row exceeds 1000000 characters");
    }

    private int check(byte[] content) throws IOException {
        return QueryFile.check(Files.write(folder.resolve("queries.csv"), content));
    }

    private List<Query> read(String content) throws IOException {
        List<Query> queries = new ArrayList<>();
        try (QueryFile file = QueryFile.open(Files.writeString(folder.resolve("queries.csv"), content))) {
            for (Query query = file.next(); query != null; query = file.next()) {
                queries.add(query);
            }
        }
        assertThat(check(content.getBytes(StandardCharsets.UTF_8))).isEqualTo(queries.size());
        return queries;
    }
}
