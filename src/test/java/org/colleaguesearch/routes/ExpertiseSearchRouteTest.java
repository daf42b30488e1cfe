package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpertiseSearchRouteTest {
    private static final String NOTHING = """
            {"hits":{"total":{"value":0},"hits":[]},
             "aggregations":{"country":{"buckets":[]},"city":{"buckets":[]},
                             "organization":{"buckets":[]},"function":{"buckets":[]}}}""";

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("expertise-search", "index-chunk")
            .withFile(Path.of("routes/indexers/*.camel.yaml"))
            .with(
                    "expertise-search",
                    route -> route.weaveById("search-index").replace().process(ExpertiseSearchRouteTest::openSearch));

    private static volatile String answer;
    private static volatile Kind refusal;
    private static volatile JsonNode asked;
    private static volatile JsonNode counted;

    @BeforeEach
    void reset() {
        answer = NOTHING;
        refusal = null;
        asked = null;
        counted = null;
    }

    private static void openSearch(Exchange exchange) {
        JsonNode searches = exchange.getMessage().getBody(JsonNode.class);
        asked = searches.get(0);
        counted = searches.get(1);
        if (refusal != null) {
            throw new RequestRefused(refusal, "the index cannot be searched now").retryAfter(Duration.ofSeconds(5));
        }
        String one = answer.replace("ECHO", text(searches.get(0)));
        exchange.getMessage().setBody(Sample.json("[" + one + "," + one + "]"));
    }

    @Test
    void asksForTheFirstTenBestWhenNothingElseIsSaid() {
        search("{\"query\":\"neural network\"}");

        assertThat(asked.get("from").intValue()).isZero();
        assertThat(asked.get("size").intValue()).isEqualTo(10);
        assertThat(asked.has("sort")).isFalse();
        assertThat(asked.at("/rescore/window_size").intValue()).isEqualTo(400);
        assertThat(asked.at("/query/bool/filter")).isEmpty();
        assertThat(text(asked)).isEqualTo("neural network");
    }

    @Test
    void passesOnPageAndSort() {
        search("{\"query\":\"x\",\"from\":9900,\"size\":100,\"sort\":\"name\"}");

        assertThat(asked.get("from").intValue()).isEqualTo(9900);
        assertThat(asked.get("size").intValue()).isEqualTo(100);
        assertThat(asked.get("sort")).isEqualTo(Sample.json("""
                [{"name.sort":{"order":"asc","unmapped_type":"keyword"}},{"id":"asc"}]"""));
        assertThat(asked.has("rescore")).isFalse();
    }

    /** Nobody is counted who would not be found. */
    @Test
    void countsThoseWhoMatch() {
        search("{\"query\":\"neural network\",\"from\":10,\"filters\":{\"active\":true},\"facets\":[\"country\"]}");

        assertThat(counted.get("size").intValue()).isZero();
        assertThat(counted.get("track_total_hits").booleanValue()).isTrue();
        assertThat(counted.at("/query/bool/filter"))
                .containsExactly(asked.at("/query/bool/filter/0"), asked.at("/query/bool/must/0"));
        assertThat(counted.get("aggs").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("country");
        assertThat(asked.has("aggs")).isFalse();
    }

    @Test
    void countryAndCityAreOfOnePlace() {
        search("""
                {"filters":{"country":["US","CA"],"city":["Portland"],"organization":["Nordlys"],"function":["H01M"],
                            "active":false}}""");

        assertThat(asked.at("/query/bool/filter")).containsExactlyInAnyOrderElementsOf(Sample.json("""
                [{"term":{"active":false}},
                 {"nested":{"path":"geography","query":{"bool":{"filter":[
                    {"terms":{"geography.country.filter":["US","CA"]}},
                    {"terms":{"geography.city.filter":["Portland"]}}]}}}},
                 {"nested":{"path":"memberships","query":{"bool":{"filter":[
                    {"terms":{"memberships.organization.filter":["Nordlys"]}}]}}}},
                 {"nested":{"path":"functions","query":{"bool":{"filter":[
                    {"bool":{"should":[{"terms":{"functions.title.filter":["H01M"]}},
                                       {"terms":{"functions.code.filter":["H01M"]}}]}}]}}}}]"""));
    }

    @Test
    void emptyFilterIsNone() {
        search("{\"filters\":{\"country\":[],\"city\":[],\"organization\":[],\"function\":[]}}");
        assertThat(asked.at("/query/bool/filter")).isEmpty();

        search("{\"filters\":{\"country\":[],\"city\":[\"Portland\"]}}");
        assertThat(asked.at("/query/bool/filter")).isEqualTo(Sample.json("""
                [{"nested":{"path":"geography","query":{"bool":{"filter":[
                    {"terms":{"geography.city.filter":["Portland"]}}]}}}}]"""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"query\":\"\"}", "{\"query\":\" \\t\\n\"}", "{\"query\":\"?!*()\\u0000\"}"})
    void findsEveryoneWhenNothingIsAskedFor(String request) {
        search(request);

        assertThat(asked.at("/query/bool/must")).isEqualTo(Sample.json("[{\"match_all\":{}}]"));
        assertThat(asked.findValues("match")).isEmpty();
    }

    /** What it asks for has the same form, whatever the text: only the text itself differs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"}},{\"match_all\":{}}",
                "\\\\\",\\n\\\"size\\\":9999",
                "{{colleagues.opensearch.password}}",
                "${env:HOME} ${header.X-API-Key}",
                "$__loc__ | env | input",
                "\\(1 + 1)",
                "resource:file:/etc/passwd",
                "a* OR _exists_:name /.*/ ~99999",
                "'; drop index colleagues; --",
                "<script>alert(1)</script>",
                "عربي עברית ١٢٣",
                "😀 a 👩‍👩‍👧",
                "\ud83d\ude00 a"
            })
    void textIsNothingButText(String text) {
        search("{\"query\":\"harmless\"}");
        String form = asked.toString();

        search(JsonNodeFactory.instance.objectNode().put("query", text).toString());

        String written = JsonNodeFactory.instance.textNode(text).toString();
        assertThat(asked.toString().replace(written, "\"harmless\"")).isEqualTo(form);
    }

    @Test
    void takesTheLongestQueryThatTheContractLetsThrough() {
        search("{\"query\":\"" + "ab ".repeat(333) + "\"}");

        assertThat(text(asked)).isEqualTo("ab ".repeat(333));
    }

    @Test
    void answersAsTheContractSays() {
        answer = """
                {"took":3,"timed_out":false,
                 "hits":{"total":{"value":41,"relation":"eq"},"max_score":9.5,"hits":[
                   {"_index":"colleagues-v2","_id":"ada","_score":9.5,
                    "_source":{"id":"ada","name":"Ada","active":true,
                      "functions":[{"code":"G06N","title":"Computing","patents":3}],
                      "memberships":[{"organization":"Ocelli","since":"2019"}],
                      "geography":[{"city":"Oslo","country":"NO","since":"2012","until":"2018"},
                                   {"city":"Bern","country":"CH","since":"2018","until":"2021"}]},
                    "inner_hits":{"patents":{"hits":{"total":{"value":7},"hits":[
                      {"_id":"ada","_nested":{"field":"patents","offset":2},"_score":8.1,
                       "_source":{"number":"1","title":"A <b>net</b>","date":"2020-01-02"},
                       "highlight":{"patents.abstract":["of <em>nets</em>","a <em>net</em>"],
                                    "patents.title":["A &lt;b&gt;<em>net</em>&lt;&#x2F;b&gt;"]}},
                      {"_id":"ada","_source":{"number":"2","title":"Another"}}]}}}}]},
                 "aggregations":{
                   "country":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,
                              "buckets":[{"key":"CH","doc_count":12},{"key":"NO","doc_count":2}]},
                   "city":{"buckets":[{"key":"Bern","doc_count":12}]},
                   "organization":{"buckets":[]},
                   "function":{"buckets":[{"key":"Computing","doc_count":1}]}}}""";

        Exchange ended = search("{\"query\":\"nets\"}");

        assertThat(body(ended)).isEqualTo(Sample.json("""
                {"total":41,
                 "hits":[{"person":{"id":"ada","name":"Ada","active":true},"score":9.5,
                   "place":{"city":"Bern","country":"CH","since":"2018","until":"2021"},
                   "patents":[
                     {"number":"1","title":"A <b>net</b>","date":"2020-01-02",
                      "highlights":["A &lt;b&gt;<em>net</em>&lt;&#x2F;b&gt;","of <em>nets</em>","a <em>net</em>"]},
                     {"number":"2","title":"Another","highlights":[]}],
                   "functions":[{"code":"G06N","title":"Computing","patents":3}],
                   "memberships":[{"organization":"Ocelli","since":"2019"}]}],
                 "facets":{"country":[{"value":"CH","count":12},{"value":"NO","count":2}],
                   "city":[{"value":"Bern","count":12}],"organization":[],
                   "function":[{"value":"Computing","count":1}]}}"""));
        assertThat(ended.getMessage().getHeader("Content-Type")).isEqualTo("application/json");
        assertThat(ended.getMessage().getHeader("Retry-After")).isNull();
    }

    @Test
    void answersNobodyWhenNobodyMatches() {
        assertThat(body(search("{\"query\":\"nets\"}"))).isEqualTo(Sample.json("""
                {"total":0,"hits":[],"facets":{"country":[],"city":[],"organization":[],"function":[]}}"""));
    }

    /** An indexer that has not run yet has written nothing. */
    @Test
    void answersWhatIsThereOfSomeoneWithNothingButAnId() {
        answer = NOTHING.replace("\"hits\":[]", "\"hits\":[{\"_id\":\"ada\",\"_score\":null,\"_source\":{}}]");

        assertThat(body(search("{}")).get("hits")).isEqualTo(Sample.json("""
                [{"person":{"id":"ada"},"score":null,"place":null,"patents":[],"functions":[],"memberships":[]}]"""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Not ended goes before ended, and of equals the first is right.
                "[{\"city\":\"A\",\"until\":\"2021\"},{\"city\":\"RIGHT\"},{\"city\":\"C\"}]",
                "[{\"city\":\"A\",\"until\":\"2021\"},{\"city\":\"RIGHT\",\"until\":null}]",
                "[{\"city\":\"A\",\"until\":\"2009\"},{\"city\":\"RIGHT\",\"until\":\"2021\"},{\"city\":\"C\"," //
                        + "\"until\":\"2021\"}]",
                "[{\"city\":\"RIGHT\",\"until\":\"2021\"}]",
                "[{\"city\":\"RIGHT\"}]"
            })
    void placeIsTheLatest(String geography) {
        answer = NOTHING.replace(
                "\"hits\":[]", "\"hits\":[{\"_id\":\"ada\",\"_source\":{\"geography\":" + geography + "}}]");

        assertThat(body(search("{}")).at("/hits/0/place/city").asText()).isEqualTo("RIGHT");
    }

    @Test
    void answersAHundredHits() {
        answer = NOTHING.replace(
                "\"hits\":[]",
                "\"hits\":["
                        + String.join(
                                ",",
                                IntStream.range(0, 100)
                                        .mapToObj(i -> "{\"_id\":\"p" + i + "\",\"_score\":1,\"_source\":{}}")
                                        .toList())
                        + "]");

        assertThat(body(search("{\"size\":100}")).get("hits")).hasSize(100);
    }

    /** What a template defines must be each request's own. */
    @Test
    void requestsAtTheSameTimeDoNotMix() throws Exception {
        answer = NOTHING.replace("\"hits\":[]", "\"hits\":[{\"_id\":\"ECHO\",\"_source\":{}}]");
        List<Future<String>> found = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 400; i++) {
                String text = "text" + i;
                found.add(threads.submit(() -> body(search("{\"query\":\"" + text + "\"}"))
                        .at("/hits/0/person/id")
                        .asText()));
            }
        }

        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).get()).isEqualTo("text" + i);
        }
    }

    @Test
    void failureIsAProblemThatSaysWhenToComeAgain() {
        refusal = Kind.UNAVAILABLE;

        Exchange ended = search("{\"query\":\"nets\"}");

        assertThat(ended.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class))
                .isEqualTo(503);
        assertThat(ended.getMessage().getHeader("Content-Type")).isEqualTo("application/problem+json");
        assertThat(ended.getMessage().getHeader("Retry-After")).isEqualTo("5");
        assertThat(body(ended).get("detail").asText()).isEqualTo("the index cannot be searched now");
    }

    /** What is looked for. */
    private static String text(JsonNode query) {
        return query.at("/query/bool/must/0/bool/should/0/match/_everything/query")
                .asText();
    }

    private static Exchange search(String request) {
        Exchange ended = APPLICATION.send("expertise-search", request);
        assertThat(ended.getException()).isNull();
        return ended;
    }

    private static JsonNode body(Exchange ended) {
        return Sample.json(ended.getMessage().getBody(String.class));
    }
}
