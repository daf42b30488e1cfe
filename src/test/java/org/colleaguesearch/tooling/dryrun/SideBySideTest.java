package org.colleaguesearch.tooling.dryrun;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.colleaguesearch.tooling.dryrun.DryRunReport.Failure;
import org.colleaguesearch.tooling.dryrun.DryRunReport.Tried;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SideBySideTest {
    @Test
    void showsAnswerBesideDocumentAndRowsBelow() {
        assertThat(print(60, fetched("ada", "{\"a\":1}", "{\"id\":\"ada\"}", "ada,1")))
                .isEqualTo("""
                        ── Name of ada (ada)
                        http://people.test/ada
                        response                     │ document
                                                     │
                        {                            │ {
                          "a" : 1                    │   "id" : "ada"
                        }                            │ }

                        person_id,a
                        ada,1

                        sample: 1 of 1 people have a section. Nothing was written.
                        """);
    }

    @Test
    void showsErrorInsteadOfDocument() {
        String printed = print(
                60,
                failed("ada", 5, "HTTP 500 Internal Server Error", 500),
                failed("bob", 1, "cannot connect", null),
                fetched("cy", "{}", "{}", "cy,"));

        assertThat(printed.lines())
                .contains(
                        "                             │ HTTP 500 Internal Server",
                        "                             │ after 5 calls",
                        "                             │ cannot connect",
                        "                             │ after one call",
                        "sample: 1 of 3 people have a section. Nothing was written.");
    }

    @Test
    void printsHeaderOnce() {
        String printed = print(
                80,
                fetched("ada", "{}", "{}"),
                fetched("bob", "{}", "{}", "bob,1", "bob,2"),
                fetched("cy", "{}", "{}", "cy,1"));

        assertThat(printed.lines()).filteredOn("person_id,a"::equals).hasSize(1);
        assertThat(printed).contains("person_id,a\nbob,1\nbob,2\n", "\n\ncy,1\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 81, 120})
    void keepsWithinWidth(int width) {
        String printed = print(
                width,
                fetched(
                        "ada",
                        "{\"a\":\"" + "word ".repeat(99) + "\"}",
                        "{\"a\":\"" + "号".repeat(99) + "\"}",
                        "x".repeat(500)));

        assertThat(printed.lines())
                .allSatisfy(line -> assertThat(
                                line.codePoints().map(Printable::columns).sum())
                        .isLessThanOrEqualTo(width));
        assertThat(printed).contains("word");
    }

    @Test
    void truncatesLongAnswersAndCountsOmittedLines() {
        String many =
                IntStream.range(0, 100).mapToObj(i -> "\"" + i + "\":" + i).collect(Collectors.joining(","));

        String printed = print(120, fetched("ada", "{" + many + "}", "{}"));

        assertThat(printed.lines()).hasSizeLessThan(60).anyMatch(line -> line.startsWith("… 65 more lines"));
    }

    @Test
    void showsLongAnswersInFullWithoutLimit() {
        String many =
                IntStream.range(0, 100).mapToObj(i -> "\"" + i + "\":" + i).collect(Collectors.joining(","));

        String printed = print(120, SideBySide.ALL_LINES, new String[0], fetched("ada", "{" + many + "}", "{}"));

        assertThat(printed.lines()).hasSizeGreaterThan(100).noneMatch(line -> line.contains("more lines"));
        assertThat(printed).contains("\"99\" : 99");
    }

    @Test
    void endsWithNotesAndSummary() {
        String[] notes = {"no item has a field for column '\u001b[31m'", "another"};

        assertThat(print(120, SideBySide.FEW_LINES, notes, fetched("ada", "{}", "{}")))
                .endsWith("""

                        no item has a field for column '\\u001b[31m'
                        another
                        sample: 1 of 1 people have a section. Nothing was written.
                        """);
    }

    @Test
    void escapesControlCharactersOfAnswers() {
        String hostile = "\\u001b]0;title\\u0007\\u009b31m\\u202e\\r\\b\\u007f\\ud800";

        String printed = print(
                200,
                new Tried(
                        "id\u001b[2J",
                        "n\u202ea\nme",
                        "http://x/\u0007",
                        1,
                        List.of(json("{\"a\":\"" + hostile + "\"}"), json("\"" + hostile + "\"")),
                        json("{\"a\":\"" + hostile + "\"}"),
                        List.of("\u001b[31m,\rb"),
                        null),
                failed("ada", 1, "\u001b[31mred", null));

        assertThat(printed.codePoints().filter(c -> c != '\n'))
                .allMatch(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT);
        assertThat(printed).contains("n\\u202ea\\u000ame (id\\u001b[2J)", "\\u001b[31mred");
    }

    private static String print(int width, Tried... people) {
        return print(width, SideBySide.FEW_LINES, new String[0], people);
    }

    private static String print(int width, int most, String[] notes, Tried... people) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            new SideBySide(width, most)
                    .print(new DryRunReport("sample", "person_id,a", List.of(people), List.of(notes)), stream);
        }
        return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private static Tried fetched(String id, String response, String document, String... rows) {
        return new Tried(
                id,
                "Name of " + id,
                "http://people.test/" + id,
                1,
                List.of(json(response)),
                json(document),
                List.of(rows),
                null);
    }

    private static Tried failed(String id, int attempts, String reason, Integer status) {
        return new Tried(
                id,
                "Name of " + id,
                "http://people.test/" + id,
                attempts,
                List.of(),
                null,
                List.of(),
                new Failure(reason, status));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
