package org.colleaguesearch.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.colleaguesearch.embedded.SharedOpenSearch;
import org.opensearch.client.Request;
import org.opensearch.client.RestClient;

/** The routes of the search over an index of one test in the shared OpenSearch, made as the application makes it. */
final class SearchedIndex {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String alias;
    private final RouteApplication application;

    SearchedIndex(String alias) {
        this.alias = alias;
        this.application = RouteApplication.of(
                        "expertise-search", "autosuggest", "index-chunk", "write-vectors", "send-bulk")
                .with("write-vectors", route -> route.replaceFromWith("direct:write-vectors"))
                .withFile(Path.of("routes/indexers/*.camel.yaml"))
                .with("colleagues.deliver-to", "opensearch")
                .with("colleagues.opensearch.url", SharedOpenSearch.url())
                .with("colleagues.opensearch.username", SharedOpenSearch.login().user())
                .with(
                        "colleagues.opensearch.password",
                        SharedOpenSearch.login().password().reveal())
                .with("colleagues.opensearch.alias", alias);
    }

    /** With the indexers of a file in {@code src/test/resources/routes/}, too. */
    SearchedIndex with(String indexers) {
        application.withTestRoute(indexers);
        return this;
    }

    /** The extension of the test that it serves. */
    RouteApplication application() {
        return application;
    }

    /** The active people of a file, one JSON object a line. */
    static List<JsonNode> active(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(Sample::json)
                    .filter(person -> person.get("active").booleanValue())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes these the only documents. */
    void fill(List<? extends JsonNode> people) {
        call(
                "POST",
                "/" + alias + "/_delete_by_query?refresh=true&conflicts=proceed",
                "{\"query\":{\"match_all\":{}}}");
        fill(alias, people);
    }

    /** Adds documents to an index, which is made if need be. */
    void fill(String index, List<? extends JsonNode> people) {
        for (int from = 0; from < people.size(); from += 100) {
            StringBuilder bulk = new StringBuilder();
            for (JsonNode person : people.subList(from, Math.min(from + 100, people.size()))) {
                bulk.append("{\"index\":{\"_id\":")
                        .append(person.get("id"))
                        .append("}}\n")
                        .append(person)
                        .append('\n');
            }
            if (call("POST", "/" + index + "/_bulk", bulk.toString())
                    .path("errors")
                    .asBoolean()) {
                throw new AssertionError("not all documents were taken");
            }
        }
        call("POST", "/" + index + "/_refresh", null);
    }

    /** Computes the meaning of all texts, as the timer of the application does. */
    void computeMeaning() {
        for (int turns = 0; turns < 500; turns++) {
            call("POST", "/" + alias + "/_refresh", null);
            application.send("write-vectors", "");
            if (pending() == 0) {
                return;
            }
        }
        throw new AssertionError("the meaning of texts of " + pending() + " people is not computed");
    }

    private double pending() {
        return application
                .bean(MeterRegistry.class)
                .get("colleagues.vectors.pending")
                .gauge()
                .value();
    }

    JsonNode call(String method, String path, String body) {
        Request request = new Request(method, path);
        if (body != null) {
            request.setJsonEntity(body);
        }
        try (InputStream answer = application
                .bean(RestClient.class)
                .performRequest(request)
                .getEntity()
                .getContent()) {
            return JSON.readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What POST /api/expertise-search answers. */
    JsonNode search(String request) {
        return answer(application.send("expertise-search", request));
    }

    /** What GET /api/autosuggest answers. */
    JsonNode suggest(String typed) {
        return answer(application.send(
                "autosuggest", exchange -> exchange.getMessage().setHeaders(Map.of("q", typed, "size", "5"))));
    }

    private static JsonNode answer(Exchange ended) {
        String body = ended.getMessage().getBody(String.class);
        if (ended.getException() != null
                || !"application/json".equals(ended.getMessage().getHeader("Content-Type"))) {
            throw new AssertionError("the answer is " + body, ended.getException());
        }
        return Sample.json(body);
    }
}
