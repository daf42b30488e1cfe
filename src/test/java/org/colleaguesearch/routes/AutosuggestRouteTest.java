package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AutosuggestRouteTest {
    private static final String NOTHING = """
            {"hits":{"hits":[]},
             "aggregations":{"functions":{"buckets":[]},"organizations":{"buckets":[]},"cities":{"buckets":[]},
                             "topics":{"buckets":[]},"nearly_topics":{"buckets":[]}}}""";

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("autosuggest", "index-chunk")
            .withFile(Path.of("routes/indexers/*.camel.yaml"))
            .with(
                    "autosuggest",
                    route -> route.weaveById("suggest-from-index").replace().process(AutosuggestRouteTest::openSearch));

    private static String answer;
    private static Kind refusal;
    private static JsonNode asked;

    @BeforeEach
    void reset() {
        answer = NOTHING;
        refusal = null;
        asked = null;
    }

    private static void openSearch(Exchange exchange) {
        asked = exchange.getMessage().getBody(JsonNode.class);
        if (refusal != null) {
            throw new RequestRefused(refusal, "the index cannot be searched now").retryAfter(Duration.ofSeconds(5));
        }
        exchange.getMessage().setBody(Sample.json(answer));
    }

    @Test
    void asksForFiveOfEachThatBeginSo() {
        suggest(Map.of("q", "Neu"));

        assertThat(asked.get("size").intValue()).isEqualTo(5);
        assertThat(asked.at("/aggs/cities/nested/path").asText()).isEqualTo("geography");
        assertThat(asked.at("/aggs/cities/aggs/matching/filters/filters/typed")).isEqualTo(Sample.json("""
                        {"match":{"geography.city.beginnings":{"query":"Neu","operator":"and"}}}"""));
        assertThat(asked.at("/aggs/cities/aggs/matching/filters/filters/mistyped/match/geography.city.beginnings"))
                .isEqualTo(Sample.json("""
                        {"query":"Neu","operator":"and","fuzziness":"AUTO:4,100","prefix_length":1,
                         "max_expansions":50}"""));
        assertThat(asked.at("/aggs/cities/aggs/matching/aggs/values/terms/size").intValue())
                .isEqualTo(5);
    }

    @Test
    void asksForAsManyAsIsSaid() {
        suggest(Map.of("q", "neu", "size", "50"));

        assertThat(asked.get("size").intValue()).isEqualTo(50);
        assertThat(asked.at("/aggs/functions/aggs/matching/aggs/values/terms/size")
                        .intValue())
                .isEqualTo(50);
        assertThat(asked.at("/aggs/topics/terms/size").intValue()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n", "?.*()[]{}\\", "😀", "\u0000"})
    void asksForTheMostFrequentWhenNothingIsTyped(String typed) {
        suggest(Map.of("q", typed));

        assertThat(asked.get("query")).isEqualTo(Sample.json("{\"match_all\":{}}"));
        assertThat(asked.at("/aggs/cities")).isEqualTo(Sample.json("""
                {"terms":{"field":"geography.city.keyword","size":5}}"""));
        assertThat(asked.findValues("match")).isEmpty();
    }

    @Test
    void nothingGivenIsNothingTyped() {
        suggest(Map.of());

        assertThat(asked.get("query")).isEqualTo(Sample.json("{\"match_all\":{}}"));
    }

    @ParameterizedTest
    @CsvSource({
        "neu, neu.*",
        "Neural NETW, neural[^ ]* netw.*",
        "Zürich, z.rich.*",
        "a*b, a[^ ]* b.*",
        "\\d{3}@~<1-9>, d[^ ]* 3[^ ]* 1.*",
        "one two three four, one[^ ]* two[^ ]* three.*",
        "王伟, 王伟.*",
        "pneumonoultramicroscopicsilicovolcanoconiosis, pneumonoultramicrosc.*"
    })
    void topicIsMadeOfTheFirstWordsAndNothingElse(String typed, String pattern) {
        suggest(Map.of("q", typed));

        assertThat(asked.at("/aggs/topics/terms/include").asText()).isEqualTo(pattern);
    }

    @Test
    void topicMayHaveATypoFromFourLettersOn() {
        suggest(Map.of("q", "a neu nurel"));

        String pattern = asked.at("/aggs/nearly_topics/terms/include").asText();
        assertThat("a neural thing").doesNotMatch(pattern);
        assertThat("not a neu nurel").doesNotMatch(pattern);
        assertThat("a neu nural").matches(pattern);
        assertThat("a neu nuerlish").matches(pattern);
        assertThat("a neu nurel").matches(pattern);
        assertThat("a neu neurel").matches(pattern);
        assertThat("a nue nurel").doesNotMatch(pattern);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"abcdefghijkl mnopqrstuvwx yzabcdefghij", "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void patternIsNeverLongerThanOpenSearchTakes(String typed) {
        suggest(Map.of("q", (typed + " ").repeat(200 / (typed.length() + 1))));

        assertThat(asked.findValuesAsText("include")).hasSize(2).allMatch(pattern -> pattern.length() <= 1000);
    }

    @Test
    void answersGroupedWithCountsAndTyposLast() {
        answer = """
                {"hits":{"hits":[{"_id":"ada","_source":{"id":"ada","name":"Ada"}},{"_id":"bob","_source":{}}]},
                 "aggregations":{
                   "functions":{"doc_count":9,"matching":{"buckets":{
                     "typed":{"doc_count":5,"values":{"buckets":[
                       {"key":"Optics","doc_count":6,"people":{"doc_count":5}}]}},
                     "mistyped":{"doc_count":7,"values":{"buckets":[
                       {"key":"Opera","doc_count":9,"people":{"doc_count":9}},
                       {"key":"Optics","doc_count":6,"people":{"doc_count":5}}]}}}}},
                   "organizations":{"matching":{"buckets":{
                     "typed":{"values":{"buckets":[]}},"mistyped":{"values":{"buckets":[]}}}}},
                   "cities":{"buckets":[{"key":"Bern","doc_count":3}]},
                   "topics":{"buckets":[{"key":"neural network","doc_count":8},{"key":"neural networks","doc_count":7},
                                        {"key":"neural nets","doc_count":2}]},
                   "nearly_topics":{"buckets":[{"key":"neural network","doc_count":8},{"key":"natural","doc_count":1}]}}}""";

        Exchange ended = suggest(Map.of("q", "x"));

        assertThat(body(ended)).isEqualTo(Sample.json("""
                {"people":[{"value":"Ada","id":"ada"},{"value":"bob","id":"bob"}],
                 "functions":[{"value":"Optics","count":5},{"value":"Opera","count":9}],
                 "organizations":[],
                 "cities":[{"value":"Bern","count":3}],
                 "topics":[{"value":"neural network","count":8},{"value":"neural nets","count":2},
                           {"value":"natural","count":1}]}"""));
        assertThat(ended.getMessage().getHeader("Content-Type")).isEqualTo("application/json");
        assertThat(ended.getMessage().getHeader("Retry-After")).isNull();
    }

    @Test
    void answersNoMoreThanIsAskedFor() {
        answer = NOTHING.replace(
                "\"topics\":{\"buckets\":[]}",
                "\"topics\":{\"buckets\":[{\"key\":\"abc\",\"doc_count\":3},{\"key\":\"abd\",\"doc_count\":2}]}");

        assertThat(body(suggest(Map.of("q", "ab", "size", "1"))).get("topics"))
                .isEqualTo(Sample.json("[{\"value\":\"abc\",\"count\":3}]"));
    }

    @Test
    void answersNothingWhenNothingMatches() {
        assertThat(body(suggest(Map.of("q", "qqq")))).isEqualTo(Sample.json("""
                {"people":[],"functions":[],"organizations":[],"cities":[],"topics":[]}"""));
    }

    @Test
    void failureIsAProblemThatSaysWhenToComeAgain() {
        refusal = Kind.TIMED_OUT;

        Exchange ended = suggest(Map.of("q", "x"));

        assertThat(ended.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class))
                .isEqualTo(504);
        assertThat(ended.getMessage().getHeader("Content-Type")).isEqualTo("application/problem+json");
        assertThat(ended.getMessage().getHeader("Retry-After")).isEqualTo("5");
    }

    private static Exchange suggest(Map<String, Object> headers) {
        Exchange ended = APPLICATION.send(
                "autosuggest", exchange -> exchange.getMessage().setHeaders(headers));
        assertThat(ended.getException()).isNull();
        return ended;
    }

    private static JsonNode body(Exchange ended) {
        return Sample.json(ended.getMessage().getBody(String.class));
    }
}
