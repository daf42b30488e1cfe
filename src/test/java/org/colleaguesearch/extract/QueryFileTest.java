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
    void readsWhateverSpreadsheetsWrite(String content) throws IOException {
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
    void hasNoQueriesWhereThereIsOnlyAHeader() throws IOException {
        assertThat(read("query")).isEmpty();
        assertThat(read("query\n")).isEmpty();
    }

    @Test
    void knowsNumberAndFirstLineOfEach() throws IOException {
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
                "``|it is empty: its first line is to name the columns, one of them query",
                "`\n\n`|it is empty: its first line is to name the columns, one of them query",
                "`id,text\n1,a`|it has no column named query",
                "`Query\na`|it has no column named query",
                "`id;query\n1;a`|it has no column named query; columns are to be separated by commas",
                "`id\tquery\n1\ta`|it has no column named query; columns are to be separated by commas",
                "`query,query\na,b`|it has two columns named 'query'",
                "`query,,\na,b,c`|it has two columns named ''",
                "`query,score\na,1`|it has a column score, as the result has: give it another name",
                "`id,query\n1,a\n2\n`|line 3 does not have as many cells as the header, which has 2, but 1",
                "`id,query\n1,a\n2,b,c\n`|line 3 does not have as many cells as the header, which has 2, but 3",
                "`id,query\n1,\"a\"b\n`|it is no CSV: Invalid character between encapsulated token and delimiter at line: 2, position: 15",
                "`id,query\n1,\"a\n2,b\n`|it is no CSV: (startline 2) EOF reached before encapsulated token finished",
            })
    void saysWhatIsWrongWithAFile(String content, String problem) {
        assertThatExceptionOfType(ExtractFailure.class)
                .isThrownBy(() -> check(content.getBytes(StandardCharsets.UTF_8)))
                .withMessage(problem);
    }

    @Test
    void takesAQueryAsLongAsTheSearchDoesAndNoLonger() throws IOException {
        assertThat(read("query\n" + "😀".repeat(1_000))).hasSize(1);
        assertThatExceptionOfType(ExtractFailure.class)
                .isThrownBy(() -> check(("query\na\n" + "x".repeat(1_001)).getBytes(StandardCharsets.UTF_8)))
                .withMessage("query 2 (line 3) has 1001 characters: the search takes 1000");
    }

    @ParameterizedTest
    @CsvSource({"ISO-8859-1, 'query\nZürich\n', 2", "ISO-8859-1, 'Köln,query\n1,a\n', 1", "UTF-16, 'query\na\n', 1"})
    void namesTheLineThatIsNotUtf8(String charset, String content, int line) {
        assertThatExceptionOfType(ExtractFailure.class)
                .isThrownBy(() -> check(content.getBytes(Charset.forName(charset))))
                .withMessageStartingWith("line " + line + " is not UTF-8");
    }

    /** More than one buffer of the reader and of what counts the lines, which ends in the middle of a letter. */
    @Test
    void namesTheLineThatIsNotUtf8FarIntoAFile() {
        byte[] good = ("query\n" + "ü\n".repeat(10_000)).getBytes(StandardCharsets.UTF_8);
        byte[] bad = Arrays.copyOf(good, good.length + 1);
        bad[good.length] = (byte) 0xC3;
        assertThatExceptionOfType(ExtractFailure.class)
                .isThrownBy(() -> check(bad))
                .withMessageStartingWith("line 10002 is not UTF-8");
    }

    /** A quote that is left open makes one cell of the rest of the file, which memory may not hold. */
    @Test
    void refusesARowWithoutAnEndBeforeItIsAllRead() throws IOException {
        Path file = folder.resolve("huge.csv");
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write("query\na\n\"");
            for (int i = 0; i < 3_000; i++) {
                out.write("x".repeat(999) + "\n");
            }
        }

        assertThatExceptionOfType(ExtractFailure.class)
                .isThrownBy(() -> QueryFile.check(file))
                .withMessage("after line 2, a row is longer than 1000000 characters: is a quote left open?");
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
