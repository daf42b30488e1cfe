package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.delivery.Outcomes.fetched;
import static org.colleaguesearch.delivery.Outcomes.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.util.Timeout;
import org.colleaguesearch.embedded.SharedOpenSearch;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.opensearch.client.RestClient;
import org.opensearch.client.json.jackson.JacksonJsonpMapper;
import org.opensearch.client.opensearch.OpenSearchClient;
import org.opensearch.client.opensearch.core.BulkResponse;
import org.opensearch.client.opensearch.core.bulk.BulkOperation;

/** What the nodes of a cluster write, in whatever order their requests arrive. */
class FencedDeliveryIT {
    private static final String INDEX = "it-fenced";
    private static final RestClient CLIENT = OpenSearchConfiguration.client(
            SharedOpenSearch.url(),
            ShippedSettings.with()
                    .opensearch()
                    .at(
                            SharedOpenSearch.url(),
                            SharedOpenSearch.login().user(),
                            SharedOpenSearch.login().password()),
            5,
            Timeout.ofSeconds(30));

    @SuppressWarnings("deprecation") // As Camel's component sends them.
    private final OpenSearchClient index = new OpenSearchClient(
            new org.opensearch.client.transport.rest_client.RestClientTransport(CLIENT, new JacksonJsonpMapper()));

    @AfterAll
    static void close() throws IOException {
        CLIENT.close();
    }

    @Test
    void requestThatArrivesLateChangesNothing() throws IOException {
        deliver(2, fetched("late", "[{\"title\":\"new\"}]"));

        deliver(1, fetched("late", "[{\"title\":\"old\"}]"));

        assertThat(document("late").get("patents")).isEqualTo(json("[{\"title\":\"new\"}]"));
        assertThat(document("late").at("/fetched/patents/fence").asLong()).isEqualTo(2);
    }

    @Test
    void laterDeliveryReplacesTheSectionAndKeepsTheOthers() throws IOException {
        index.index(request -> request.index(INDEX)
                .id("both")
                .document(Map.of(
                        "id",
                        "both",
                        "functions",
                        List.of("Judge"),
                        "fetched",
                        Map.of("functions", Map.of("fence", 9)))));

        deliver(1, fetched("both", "[{\"title\":\"first\",\"year\":2020}]"));
        deliver(3, fetched("both", "[{\"title\":\"second\"}]"));

        assertThat(document("both").get("patents")).isEqualTo(json("[{\"title\":\"second\"}]"));
        assertThat(document("both").get("functions")).isEqualTo(json("[\"Judge\"]"));
        assertThat(document("both").get("name").textValue()).isEqualTo("Name of both");
        assertThat(document("both").at("/fetched/functions/fence").asLong()).isEqualTo(9);
    }

    @Test
    void sectionFromBeforeTheClusterIsReplaced() throws IOException {
        deliver(0, fetched("former", "[]"));

        deliver(1, fetched("former", "[{\"title\":\"new\"}]"));

        assertThat(document("former").get("patents")).isEqualTo(json("[{\"title\":\"new\"}]"));
    }

    @Test
    void itemKeepsItsMeaningUntilItsTextsChange() throws IOException {
        index.index(request -> request.index(INDEX).id("meant").document(json("""
                {"id":"meant","patents":[
                  {"title":"same","year":1,"_meaning":{"vector":[1]}},{"title":"old","_meaning":{"vector":[2]}},
                  {"title":"none"},{"title":null,"_meaning":{"vector":[3]}}]}""")));

        deliver(0, List.of("title"), fetched("meant", """
                [{"title":"new"},{"title":"same","year":2},{"title":"none"},{"year":3}]"""));

        assertThat(document("meant").get("patents")).isEqualTo(json("""
                [{"title":"new"},{"title":"same","year":2,"_meaning":{"vector":[1]}},{"title":"none"},
                 {"year":3,"_meaning":{"vector":[3]}}]"""));
        assertThat(document("meant").get("name").textValue()).isEqualTo("Name of meant");
    }

    @Test
    void sectionThatIsNoLongerSearchedByMeaningHasNone() throws IOException {
        index.index(request -> request.index(INDEX).id("former-meaning").document(json("""
                {"id":"former-meaning","patents":[{"title":"a","_meaning":{"vector":[1]}},
                  {"title":"b","_meaning":{"vector":[2]}}]}""")));

        deliver(1, List.of(), fetched("former-meaning", "[{\"title\":\"a\"},{\"title\":\"b\"}]"));

        assertThat(document("former-meaning").get("patents")).isEqualTo(json("[{\"title\":\"a\"},{\"title\":\"b\"}]"));
    }

    /** Only the application computes it. */
    @Test
    void meaningFromAnApiIsLeftOut() throws IOException {
        deliver(0, List.of("title"), fetched("foreign", "[{\"title\":\"a\"}]"));

        deliver(0, List.of("title"), fetched("foreign", "[{\"title\":\"a\",\"_meaning\":{\"vector\":[1]}}]"));

        assertThat(document("foreign").get("patents")).isEqualTo(json("[{\"title\":\"a\"}]"));
    }

    @Test
    void firstDeliveryOfAPersonHasNoMeaningToKeep() throws IOException {
        deliver(0, List.of("title"), fetched("first", "[{\"title\":\"new\"}]"));

        assertThat(document("first").get("patents")).isEqualTo(json("[{\"title\":\"new\"}]"));
    }

    private void deliver(long fence, Fetched... sections) throws IOException {
        deliver(fence, List.of(), sections);
    }

    private void deliver(long fence, List<String> meaning, Fetched... sections) throws IOException {
        BulkDelivery delivery = new BulkDelivery(Outcomes.of(1, sections), fence, meaning);
        BulkResponse response = index.bulk(request -> request.index(INDEX)
                .operations(new Documents()
                        .of(delivery, Arrays.asList(sections)).stream()
                                .map(update -> BulkOperation.of(operation -> operation.update(update)))
                                .toList()));
        assertThat(response.items()).allMatch(item -> item.error() == null);
    }

    private JsonNode document(String id) throws IOException {
        return index.get(request -> request.index(INDEX).id(id), JsonNode.class).source();
    }
}
