package org.colleaguesearch.tooling.dryrun;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final String LONG = "x".repeat(Excerpt.LONGEST);

    private final Answers answers = new Answers();

    @Test
    void keepsPagesOfEachPersonInOrder() throws Exception {
        answers.add(1, json("{\"page\":1}"));
        answers.add(0, json("{}"));
        answers.add(1, json("{\"page\":2}"));

        assertThat(answers.of(0)).containsExactly(json("{}"));
        assertThat(answers.of(1)).containsExactly(json("{\"page\":1}"), json("{\"page\":2}"));
        assertThat(answers.of(2)).isEmpty();
    }

    @Test
    void truncatesHugeAnswers() {
        answers.add(0, new TextNode(LONG));

        assertThat(answers.of(0).getFirst().textValue())
                .startsWith("\"xxx")
                .endsWith("x… and 2 more characters")
                .hasSizeLessThan(Excerpt.LONGEST + 100);
    }

    @Test
    void dropsPagesThatWouldNotBeShown() {
        for (int page = 0; page < 1_000; page++) {
            answers.add(0, new TextNode(LONG));
        }

        assertThat(answers.of(0)).hasSize(2);
        assertThat(answers.of(0).getLast().textValue()).isEqualTo("… and more pages");
    }

    @Test
    void replacesUnpairedSurrogates() throws Exception {
        answers.add(0, json("{\"title\":\"\\ud800\"}"));

        assertThat(answers.of(0)).containsExactly(new TextNode("{\"title\":\"?\"}"));
    }

    @Test
    void truncatesRowsThatAreTooLongTogether() {
        List<String> rows =
                IntStream.range(0, 3).mapToObj(i -> LONG.substring(1_000)).toList();

        List<String> excerpt = Excerpt.of(rows);

        assertThat(excerpt).hasSize(2);
        assertThat(excerpt.getLast()).endsWith("x… and 48000 more characters in this row, 3 rows in all");
        assertThat(Excerpt.of(rows.subList(0, 1))).isEqualTo(rows.subList(0, 1));
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
