package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;
import org.colleaguesearch.embedded.SharedOpenSearch;
import org.colleaguesearch.tooling.check.Mutation;
import org.colleaguesearch.tooling.check.Mutations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Edits of route files while the application runs: valid edits go live, broken ones change nothing. */
@Timeout(1200)
@Order(1)
class LiveRoutesIT {
    /** {@code -Dlive.edits=100} and {@code -Dlive.mutations=200} increase their number. */
    private static final int EDITS = Integer.getInteger("live.edits", 2);

    private static final int MUTATIONS = Integer.getInteger("live.mutations", 2);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SEARCH = "{\"query\":\"membranes\",\"size\":2}";
    private static final String PUBLICATIONS = """
            - templatedRoute:
                routeId: index-publications
                routeTemplateRef: index-chunk
                parameters:
                  - name: indexer
                    value: publications
                  - name: url
                    value: /people/{id}/patents
                  - name: section
                    value: .patents
                  - name: columns
                    value: title
            """;

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Packaged application;
    private Process process;

    @BeforeEach
    void layOut() throws IOException {
        application = Packaged.unpackedIn(folder);
    }

    @AfterEach
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
        http.close();
    }

    @Test
    void refusesNoRequestDuringValidAndBrokenEdits() throws Exception {
        start(
                "--colleagues.opensearch.url=" + SharedOpenSearch.url(),
                "--colleagues.opensearch.username=" + SharedOpenSearch.login().user(),
                "--colleagues.opensearch.password="
                        + SharedOpenSearch.login().password().reveal(),
                "--colleagues.opensearch.alias=live-edits",
                "--colleagues.routes.live=true");
        await().until(() -> application.out().contains("run patents completed"));
        // Delivered documents can be found after OpenSearch has refreshed its index.
        await().until(() ->
                JSON.readTree(call("POST", "/api/expertise-search", SEARCH).body())
                                .path("total")
                                .asInt()
                        > 0);
        AtomicBoolean isEdited = new AtomicBoolean();
        List<Future<Integer>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                clients.add(threads.submit(() -> askUntil(isEdited)));
            }
            try {
                for (int edit = 1; edit <= EDITS; edit++) {
                    if (edit % 2 == 0) {
                        replace("routes/api/expertise-search.camel.yaml", "id: search-index", "ide: search-index");
                        awaitEdits("refused", edit / 2);
                        replace("routes/api/expertise-search.camel.yaml", "ide: search-index", "id: search-index");
                        awaitRoutes("UP");
                    } else {
                        Files.writeString(
                                folder.resolve("routes/api/expertise-search.jq"),
                                "\n# Edited.\n",
                                StandardOpenOption.APPEND);
                        awaitEdits("accepted", (edit + 1) / 2);
                    }
                }
            } finally {
                isEdited.set(true);
            }
        }
        for (Future<Integer> client : clients) {
            assertThat(client.get()).isPositive();
        }
        assertThat(application.out()).doesNotContain("Exception");
        assertThat(application.err()).isEmpty();
    }

    /** Sends requests as clients do and returns their number. Each response must be correct. */
    private int askUntil(AtomicBoolean end) throws Exception {
        int asked = 0;
        while (!end.get()) {
            HttpResponse<String> found = call("POST", "/api/expertise-search", SEARCH);
            assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
            assertThat(JSON.readTree(found.body()).path("total").asInt()).isPositive();
            HttpResponse<String> indexers = call("GET", "/api/indexers", "");
            assertThat(indexers.statusCode()).as(indexers.body()).isEqualTo(200);
            asked += 2;
        }
        return asked;
    }

    @Test
    void runsInFlightFinishOnTheirOriginalRoutes() throws Exception {
        CountDownLatch isEdited = new CountDownLatch(1);
        try (ScriptedServer api = new ScriptedServer(request -> answer(request, isEdited))) {
            start("--colleagues.apis.default.base-url=" + api.url(), "--colleagues.deliver-to=csv");
            assertThat(call("POST", "/api/runs", "{\"indexers\":[\"functions\",\"patents\"]}")
                            .statusCode())
                    .isEqualTo(202);
            await().until(() -> api.connections() > 2);

            replace("routes/indexers/patents.camel.yaml", "value: number,title,date,abstract", "value: title");
            awaitEdits("accepted", 1);
            Files.delete(folder.resolve("routes/indexers/functions.camel.yaml"));
            awaitEdits("accepted", 2);
            isEdited.countDown();

            await().until(() -> application.out().contains("run patents completed"));
            assertThat(application.out()).contains("run functions completed: people 3, URLs 3");
            assertThat(headers("patents")).containsExactly("person_id,number,title,date,abstract");
            assertThat(headers("functions")).containsExactly("person_id,code,title,patents");
            // The indexer is free once its batch is closed, shortly after its run has completed.
            await().until(() ->
                    call("POST", "/api/runs", "{\"indexers\":[\"patents\"]}").statusCode() == 202);
            await().until(() -> headers("patents").size() == 2);
            assertThat(headers("patents")).contains("person_id,title");
            assertThat(call("POST", "/api/runs", "{\"indexers\":[\"functions\"]}")
                            .statusCode())
                    .isEqualTo(422);
        }
    }

    @Test
    void appliesNewFixedAndDeletedFilesButNotBrokenOnes() throws Exception {
        start("--colleagues.deliver-to=csv", "--colleagues.run-at-start=false");
        Path file = folder.resolve("routes/indexers/publications.camel.yaml");

        Files.writeString(file, PUBLICATIONS);
        awaitEdits("accepted", 1);
        assertThat(indexers()).contains("publications");

        Files.writeString(file, PUBLICATIONS.replace("section\n", "sektion\n"));
        awaitEdits("refused", 1);
        JsonNode health = health();
        assertThat(health.path("status").asText()).isEqualTo("DEGRADED");
        assertThat(health.at("/details/problems").toString())
                .contains("\"routes/indexers/publications.camel.yaml:9:", "sektion");
        assertThat(indexers()).contains("publications");

        Files.writeString(file, PUBLICATIONS);
        awaitRoutes("UP");

        Files.delete(file);
        awaitEdits("accepted", 2);
        assertThat(indexers()).containsExactly("functions", "geography", "memberships", "patents");
        assertThat(application.out()).doesNotContain("Exception");
        assertThat(application.err()).isEmpty();
    }

    @Test
    void brokenEditsLeaveTheApplicationUnchanged() throws Exception {
        start("--colleagues.deliver-to=csv", "--colleagues.run-at-start=false");
        for (Mutation mutation : Mutations.ofShipped(MUTATIONS)) {
            Path file = folder.resolve(mutation.file());
            int edits = edits("accepted") + edits("refused");
            Files.writeString(file, mutation.text());
            await(mutation.toString()).until(() -> edits("accepted") + edits("refused") == edits + 1);
            assertThat(call("GET", "/api/indexers", "").statusCode())
                    .as(mutation.toString())
                    .isEqualTo(200);

            boolean isTaken = health().path("status").asText().equals("UP");
            Files.writeString(file, mutation.before());
            awaitRoutes("UP");
            if (isTaken) {
                await().until(() -> edits("accepted") + edits("refused") == edits + 2);
            }
        }
        assertThat(indexers()).containsExactly("functions", "geography", "memberships", "patents");
        assertThat(application.out()).doesNotContainPattern("\\wException|\tat ");
        assertThat(application.err()).isEmpty();
    }

    private void start(String... arguments) throws IOException {
        process = application.start(Stream.concat(
                        Stream.of("--server.port=0", "--management.server.port=0"), Stream.of(App.withKey(arguments)))
                .toArray(String[]::new));
        await().until(() -> port("Health and metrics") > 0
                && call("GET", "/api/indexers", "").statusCode() == 200);
    }

    /** A people API with three people, whose sections wait for a latch. */
    private static Reply answer(Request request, CountDownLatch latch) {
        if (request.target().startsWith("/people?")) {
            return Replies.json("{\"items\":[{\"id\":\"1\"},{\"id\":\"2\"},{\"id\":\"3\"}],\"next\":null}");
        }
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Replies.json("{\"patents\":[{\"title\":\"t\"}],\"functions\":[{\"code\":\"c\"}]}");
    }

    private void replace(String file, String what, String by) throws IOException {
        Path path = folder.resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(what);
        Files.writeString(path, text.replace(what, by));
    }

    private void awaitEdits(String result, int count) {
        await().until(() -> edits(result) == count);
    }

    private void awaitRoutes(String status) {
        await().until(() -> health().path("status").asText().equals(status));
    }

    private int edits(String result) throws Exception {
        String line = "colleagues_route_edits_total{result=\"" + result + "\"} ";
        return get(port("Health and metrics"), "/actuator/prometheus")
                .lines()
                .filter(metric -> metric.startsWith(line))
                .mapToInt(metric -> (int) Double.parseDouble(metric.substring(line.length())))
                .sum();
    }

    private JsonNode health() throws Exception {
        return JSON.readTree(get(port("Health and metrics"), "/actuator/health"))
                .at("/components/routes");
    }

    private List<String> indexers() throws Exception {
        return JSON.readTree(call("GET", "/api/indexers", "").body())
                .path("indexers")
                .findValuesAsText("name");
    }

    private List<String> headers(String indexer) throws IOException {
        List<String> headers = new ArrayList<>();
        for (String file : application.files("out/csv/" + indexer)) {
            if (file.matches("\\w+\\.csv")) {
                headers.add(
                        Files.readAllLines(folder.resolve("out/csv/" + indexer).resolve(file))
                                .get(0));
            }
        }
        return headers;
    }

    /** The port in a log line, or 0. */
    private int port(String line) throws IOException {
        Matcher port =
                Pattern.compile(line + " on http://127\\.0\\.0\\.1:(\\d+)").matcher(application.out());
        return port.find() ? Integer.parseInt(port.group(1)) : 0;
    }

    private String get(int port, String path) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private HttpResponse<String> call(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port("ApiAddress +API") + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        Map.of("X-API-Key", App.KEY, "Content-Type", "application/json").forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
