package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of generated requests: none gets a 5xx response or reveals internals. */
@Timeout(600)
class FuzzIT {
    private static final Path CONTRACT = Path.of("src/main/resources/openapi/colleague-search.yaml");
    private static final int REQUESTS = 3_000;
    private static final int AT_ONCE = 8;

    private static final Pattern INSIDE = Pattern.compile(
            "\\tat |Exception|\\b(java|jakarta|org\\.(apache|springframework|colleaguesearch|opensearch|h2)|com\\.(fasterxml|networknt))\\.");

    @TempDir
    Path folder;

    @Test
    void noRequestCausesAFailureOrRevealsInternals() throws Exception {
        long seed = Long.getLong("fuzz.seed", new Random().nextLong());
        System.out.println("The requests are those of -Dfuzz.seed=" + seed);
        Map<String, Integer> statuses = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        try (App app = App.service(folder, App.withKey(new Index("it-fuzz").arguments()));
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
            Fuzz fuzz = new Fuzz(CONTRACT, seed);
            List<Future<Map.Entry<Fuzz.Request, HttpResponse<String>>>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                Fuzz.Request request = fuzz.next();
                answers.add(clients.submit(() -> Map.entry(request, send(client, app, request))));
            }
            for (Future<Map.Entry<Fuzz.Request, HttpResponse<String>>> future : answers) {
                HttpResponse<String> answer = future.get().getValue();
                statuses.merge(future.get().getKey().operation() + " " + answer.statusCode(), 1, Integer::sum);
                String problem = problem(future.get().getKey(), answer);
                if (problem != null) {
                    problems.add(future.get().getKey() + "\n  -> " + problem);
                }
            }
        }
        assertThat(problems.stream().limit(10)).as("-Dfuzz.seed=" + seed).isEmpty();
        // Requests have reached routes and been refused for every reason.
        assertThat(statuses.keySet()).anyMatch(status -> status.endsWith(" 200"));
        for (String status : List.of("400", "404", "405", "406", "415")) {
            assertThat(statuses.keySet()).anyMatch(seen -> seen.endsWith(" " + status));
        }
    }

    private static HttpResponse<String> send(HttpClient client, App app, Fuzz.Request request) throws Exception {
        HttpRequest.Builder http = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + app.apiPort() + request.path()))
                .method(
                        request.method(),
                        request.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach(http::setHeader);
        return client.send(http.setHeader("X-API-Key", App.KEY).build(), BodyHandlers.ofString());
    }

    /** The problem of a response, or null. */
    private static String problem(Fuzz.Request request, HttpResponse<String> answer) {
        String told = answer.statusCode() + " " + answer.headers().map() + " " + answer.body();
        if (answer.statusCode() >= 500 || answer.statusCode() < 200) {
            return told;
        }
        if (answer.statusCode() < 300 || answer.statusCode() == 304) {
            return null;
        }
        if (INSIDE.matcher(told).find()) {
            return "tells what is inside: " + told;
        }
        if (!answer.headers().firstValue("Content-Type").orElse("").equals("application/problem+json")) {
            return "is no problem document: " + told;
        }
        try {
            JsonNode document = new ObjectMapper().readTree(answer.body());
            return request.method().equals("HEAD")
                            || (document.path("status").asInt() == answer.statusCode()
                                    && document.path("title").isTextual()
                                    && document.path("detail").isTextual())
                    ? null
                    : "is no problem document: " + told;
        } catch (JsonProcessingException e) {
            return "is no JSON: " + told;
        }
    }
}
