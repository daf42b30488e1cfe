package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies crafted to exhaust memory. After each, the API still works, and all places are free. */
class AbusiveBodiesTest {
    private static final int PLACES = 4000;

    @RegisterExtension
    static final EdgeApplication APPLICATION =
            new EdgeApplication(new Echo()).with("colleagues.web.requests-in-flight", PLACES);

    @AfterEach
    void apiStillWorks() {
        await().pollInterval(Duration.ofMillis(50))
                .until(() -> APPLICATION
                                .get("/api/autosuggest?q=x", EdgeApplication.OTHER)
                                .statusCode()
                        == 200);
        await().until(() -> APPLICATION.bean(InFlight.class).free() == PLACES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "1", "\"\"", "{\"a\":1}", "null", "\"\\u0000\""})
    void readsNoMoreThanTheLargestSearch(String value) throws Exception {
        // With more than an unread megabyte, a client may find the connection closed before it has the response.
        String body = cities(value, 1_200_000);

        for (HttpResponse<String> answer :
                atOnce(5, "/api/expertise-search", EdgeApplication.SEARCHER, BodyPublishers.ofString(body))) {
            EdgeApplication.problem(answer, 413);
        }
        for (HttpResponse<String> answer : atOnce(
                5,
                "/api/expertise-search",
                EdgeApplication.SEARCHER,
                BodyPublishers.fromPublisher(BodyPublishers.ofString(body)))) {
            EdgeApplication.problem(answer, 413);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "1", "\"\"", "{\"a\":1}", "null", "\"\\u0000\""})
    void reportsFewFaultsOfSearch(String value) throws Exception {
        String body = cities(value, 600_000);

        for (HttpResponse<String> answer :
                atOnce(20, "/api/expertise-search", EdgeApplication.SEARCHER, BodyPublishers.ofString(body))) {
            assertThat(answer.statusCode()).isIn(400, 429, 503);
            assertThat(answer.body().length()).isLessThan(50_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "1", "\"\"", "{\"a\":1}", "null", "\"\\u0000\""})
    void refusesExportWithMillionsOfInvalidValues(String value) throws Exception {
        String body = "{\"job_id\":\"a\",\"urls\":["
                + String.join(",", Collections.nCopies(15_000_000 / (value.length() + 1), value)) + "]}";

        for (HttpResponse<String> answer :
                atOnce(3, "/api/exports", EdgeApplication.ALL, BodyPublishers.ofString(body))) {
            assertThat(answer.statusCode()).isIn(400, 413, 429, 503);
            assertThat(answer.body().length()).isLessThan(50_000);
        }
    }

    @Test
    void namesTheFirstHundredFaultsWhereverTheyAre() throws IOException {
        String good = "\"https://people.example.org/1\"";
        String body = "{\"job_id\":\"a\",\"urls\":[" + (good + ",").repeat(99_000) + "7,".repeat(900) + good + "]}";

        JsonNode problem = EdgeApplication.problem(APPLICATION.post("/api/exports", body), 400);

        assertThat(problem.get("errors").findValuesAsText("field"))
                .hasSize(100)
                .startsWith("/urls/99000", "/urls/99001");
        assertThat(problem.get("detail").textValue()).endsWith(", and at least 100 more");
    }

    @Test
    void refusesTooManyFields() throws IOException {
        StringBuilder body = new StringBuilder("{\"query\":\"x\"");
        for (int i = 0; i < 50_000; i++) {
            body.append(",\"").append(i).append("\":1");
        }

        JsonNode problem = EdgeApplication.problem(
                APPLICATION.post("/api/expertise-search", body.append('}').toString()), 400);
        assertThat(problem.get("detail").textValue()).isEqualTo("the body has more than 1000 fields");
    }

    /** Each operation reads what its schema allows, even with each character as two escapes. */
    @Test
    void readsLargestBodyThatTheContractAllows() throws IOException {
        String character = "\\ud83d\\ude00";
        String text = "\"" + character.repeat(256) + "\"";
        String texts = "[" + String.join(",", Collections.nCopies(50, text)) + "]";
        String search = "{\"query\":\"" + character.repeat(1000) + "\",\"filters\":{\"country\":" + texts + ",\"city\":"
                + texts + ",\"organization\":" + texts + ",\"function\":" + texts + "}}";
        assertThat(APPLICATION.post("/api/expertise-search", search).statusCode())
                .isEqualTo(200);

        List<String> indexers = new ArrayList<>();
        for (int i = 1000; i < 2000; i++) {
            indexers.add("\"" + character.repeat(96) + i + "\"");
        }
        assertThat(APPLICATION
                        .post("/api/runs", "{\"indexers\":" + indexers + "}")
                        .statusCode())
                .isEqualTo(200);

        String url = "\"https://people.example.org/" + "x".repeat(120) + "\"";
        String urls = String.join(",", Collections.nCopies(100_000, url));
        assertThat(APPLICATION
                        .post("/api/exports", "{\"job_id\":\"a\",\"urls\":[" + urls + "]}")
                        .statusCode())
                .isEqualTo(200);
    }

    /** A search that repeats a value up to a number of characters. */
    private static String cities(String value, int length) {
        return "{\"filters\":{\"city\":[" + String.join(",", Collections.nCopies(length / (value.length() + 1), value))
                + "]}}";
    }

    private static List<HttpResponse<String>> atOnce(int requests, String path, NewKey key, BodyPublisher body)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(APPLICATION.uri(path))
                .header("X-API-Key", key.text())
                .header("Content-Type", "application/json")
                .POST(body)
                .build();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                answers.add(clients.submit(() -> APPLICATION.send(request)));
            }
            List<HttpResponse<String>> all = new ArrayList<>();
            for (Future<HttpResponse<String>> answer : answers) {
                try {
                    all.add(answer.get());
                } catch (ExecutionException e) {
                    // The server reads at most 1 MB of a refused body, and closes the connection: the client may find
                    // it closed before it has read the response.
                    assertThat(e).hasCauseInstanceOf(IOException.class);
                }
            }
            assertThat(all).isNotEmpty();
            return all;
        }
    }
}
