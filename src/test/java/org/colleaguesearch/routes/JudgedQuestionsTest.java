package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The questions in {@code search/*.tsv}, each with the number of the patent that it was written for by somebody who had read it.
 * They are hard on purpose: none has a content word of the title, whatever its ending, and at most one of the abstract.
 */
class JudgedQuestionsTest {
    private static final Pattern WORD = Pattern.compile("[a-z]{2,}");
    private static final Pattern ENDING =
            Pattern.compile("(?<=.{3})(ingly|edly|ations?|ings?|ies|ied|ers?|ors?|ed|es|ly|s|e|y)$");
    /** Words without a content. */
    private static final Set<String> COMMON =
            Set.of(("an and are as at be been being both but by can could do does did for from"
                            + " has have having how if in into is it its least more most me my no not of on one or other our so some"
                            + " such than that the their them then there these they this those thereof through to two up upon use used"
                            + " using was we what when where wherein whether which while who whose why will with within without would"
                            + " you your about after again all also any anyone anybody somebody someone person people know knows work"
                            + " works worked working make makes making made get gets keep keeps let lets way ways need needs out over"
                            + " off down only just like much many very may each")
                    .split(" "));

    @Test
    void ofDemoPeopleShareNoWordWithTheTitle() throws IOException {
        assertHard("questions-demo.tsv", 60, Path.of("demo/people.jsonl"));
    }

    @Test
    void ofSharedPeopleShareNoWordWithTheTitle() throws IOException {
        Path people = Path.of("../shared/data/colleagues.jsonl");
        assumeTrue(Files.exists(people), "the people are not part of the project");
        assertHard("questions.tsv", 200, people);
    }

    private static void assertHard(String file, int atLeast, Path people) throws IOException {
        Map<String, JsonNode> patents = new HashMap<>();
        for (String line : Files.readAllLines(people)) {
            new ObjectMapper()
                    .readTree(line)
                    .path("patents")
                    .forEach(patent -> patents.put(patent.path("number").textValue(), patent));
        }
        List<String> lines =
                Files.readAllLines(Path.of("src/test/resources/search").resolve(file));
        List<String> easy = new ArrayList<>();
        Set<String> questions = new HashSet<>();
        for (String line : lines) {
            String number = line.substring(0, line.indexOf('\t'));
            String question = line.substring(number.length() + 1);
            assertThat(patents).as(line).containsKey(number);
            assertThat(questions.add(question)).as("once: " + line).isTrue();
            JsonNode patent = patents.get(number);
            if (!shared(question, patent.path("title").asText()).isEmpty()
                    || shared(question, patent.path("abstract").asText()).size() > 1) {
                easy.add(line);
            }
        }
        assertThat(easy).isEmpty();
        assertThat(questions).hasSizeGreaterThanOrEqualTo(atLeast);
    }

    private static Set<String> shared(String question, String text) {
        Set<String> shared = words(question);
        shared.retainAll(words(text));
        return shared;
    }

    private static Set<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .filter(word -> !COMMON.contains(word))
                .map(word -> ENDING.matcher(word).replaceFirst(""))
                .collect(Collectors.toCollection(HashSet::new));
    }
}
