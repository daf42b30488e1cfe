package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.colleaguesearch.meaning.Meaning;
import org.colleaguesearch.routes.JudgedQueries.Judged;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How well the search finds who is looked for, beside a plain {@code multi_match} over all fields of an index as
 * OpenSearch makes it by itself, and beside meaning alone. Leaves the figures in target/search-quality.md, for bench/search.
 */
class SearchQualityIT {
    private static final Path TABLE = Path.of("target/search-quality.md");

    /** Of each kind. More of them make figures more exact, and the test longer. */
    private static final int QUERIES = Integer.getInteger("search.quality.queries", 30);

    private static final Path QUESTIONS = Path.of("src/test/resources/search");

    /** The share of questions in everyday words with someone right among the first ten. */
    private static final double UNDERSTOOD = 0.5;

    private static final String ALIAS = "it-quality";
    private static final SearchedIndex INDEX = new SearchedIndex(ALIAS);

    @RegisterExtension
    static final RouteApplication APPLICATION = INDEX.application();

    /** The shares of queries with someone right in first place and among the first ten, and the mean reciprocal rank. */
    record Quality(double first, double ten, double reciprocal) {
        static Quality of(List<Judged> queries, Function<String, List<String>> search) {
            double first = 0;
            double ten = 0;
            double reciprocal = 0;
            for (Judged judged : queries) {
                List<String> found = search.apply(judged.query());
                int rank = 1
                        + (int) found.stream()
                                .takeWhile(id -> !judged.right().contains(id))
                                .count();
                if (rank <= found.size()) {
                    first += rank == 1 ? 1 : 0;
                    ten += 1;
                    reciprocal += 1.0 / rank;
                }
            }
            int all = queries.size();
            return new Quality(first / all, ten / all, reciprocal / all);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.3f | %.3f | %.3f", first, ten, reciprocal);
        }
    }

    @BeforeAll
    static void begin() throws IOException {
        Files.writeString(TABLE, "");
    }

    @Test
    void findsTheDemoPeopleBetterThanAPlainQuery() throws IOException {
        // Its abstracts are made of stock sentences, so that several people's have the same five words.
        measure("demo", Path.of("demo/people.jsonl"), "questions-demo.tsv", 0.67);
    }

    /** Too long for each build. {@code bench/search} names the file. */
    @Test
    @EnabledIfSystemProperty(named = "search.quality.people", matches = ".+")
    void findsThePeopleOfTheSharedFileBetterThanAPlainQuery() throws IOException {
        measure("shared", Path.of(System.getProperty("search.quality.people")), "questions.tsv", 0.5);
    }

    private static void measure(String name, Path file, String questions, double wrong) throws IOException {
        List<JsonNode> people = SearchedIndex.active(file);
        INDEX.fill(people);
        INDEX.computeMeaning();
        INDEX.fill(ALIAS + "-plain-" + name, people);
        Map<String, List<Judged>> kinds = new JudgedQueries(people, QUESTIONS.resolve(questions)).some(QUERIES);
        List<String> lines = new ArrayList<>();
        List<Runnable> checks = new ArrayList<>();
        kinds.forEach((kind, queries) -> {
            Quality ours = Quality.of(queries, SearchQualityIT::ours);
            Quality plain = Quality.of(queries, query -> plain(ALIAS + "-plain-" + name, query));
            Quality vectors = Quality.of(queries, SearchQualityIT::nearest);
            lines.add("| %s | %s | %d | %s | %s | %s |%n".formatted(name, kind, queries.size(), ours, plain, vectors));
            checks.add(
                    kind.equals(JudgedQueries.EVERYDAY)
                            ? () -> assertUnderstood(queries, ours, plain, vectors)
                            : () -> assertBetter(kind, ours, plain, wrong));
        });
        Files.writeString(TABLE, String.join("", lines), StandardOpenOption.APPEND);
        checks.forEach(Runnable::run);
    }

    /** Everyone is answered with somebody, and often enough with the right ones. */
    private static void assertUnderstood(List<Judged> queries, Quality ours, Quality plain, Quality vectors) {
        assertThat(queries)
                .allSatisfy(judged ->
                        assertThat(ours(judged.query())).as(judged.query()).isNotEmpty());
        assertThat(ours.ten())
                .as("hit@10 %s, plain %s, vectors %s", ours, plain, vectors)
                .isGreaterThanOrEqualTo(UNDERSTOOD)
                .isGreaterThan(plain.ten())
                .isGreaterThanOrEqualTo(vectors.ten());
    }

    /** No more is wrong than this share of what a plain query gets wrong. */
    private static void assertBetter(String kind, Quality ours, Quality plain, double wrong) {
        assertThat(1 - ours.first())
                .as("%s: hit@1 %s, plain %s", kind, ours, plain)
                .isLessThanOrEqualTo(wrong * (1 - plain.first()));
        assertThat(1 - ours.reciprocal())
                .as("%s: MRR %s, plain %s", kind, ours, plain)
                .isLessThanOrEqualTo(wrong * (1 - plain.reciprocal()));
        assertThat(ours.ten()).as("%s: hit@10 %s, plain %s", kind, ours, plain).isGreaterThanOrEqualTo(plain.ten());
    }

    private static List<String> ours(String query) {
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("query", query);
        return ids(INDEX.search(request.toString()).get("hits"), "/person/id");
    }

    /** By meaning alone: whoever has the nearest item. */
    private static List<String> nearest(String query) {
        String question = APPLICATION
                .bean(Meaning.class)
                .question(JsonNodeFactory.instance.objectNode().put("query", query));
        return ids(
                INDEX.call("POST", "/" + ALIAS + "/_search", """
                        {"_source":false,"query":{"nested":{"path":"patents._meaning","score_mode":"max","query":{
                          "knn":{"patents._meaning.vector":{"k":10,"vector":%s}}}}}}""".formatted(question))
                        .at("/hits/hits"),
                "/_id");
    }

    private static List<String> plain(String index, String query) {
        ObjectNode search = JsonNodeFactory.instance.objectNode().put("_source", false);
        search.putObject("query")
                .putObject("multi_match")
                .put("query", query)
                // A word is no date, which is no reason to fail.
                .put("lenient", true)
                .putArray("fields")
                .add("*");
        return ids(
                INDEX.call("POST", "/" + index + "/_search", search.toString()).at("/hits/hits"), "/_id");
    }

    private static List<String> ids(JsonNode hits, String path) {
        Stream<JsonNode> all = StreamSupport.stream(hits.spliterator(), false);
        return all.map(hit -> hit.at(path).textValue()).toList();
    }
}
