package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** What an operator sees of a running application over HTTP and in the log. */
@Timeout(600)
class ManagementIT {
    private static final String ANY_PORT = "--management.server.port=0";

    @TempDir
    Path folder;

    @Test
    void metricsAgreeWithTheCountsOfTheBatch() throws IOException {
        Index index = new Index("it-management");
        try (FaultyApi api = new FaultyApi(SamplePeople.madeUp(30))
                        .first(FaultyApi.path("p3", "patents"), FaultyApi.instead(Replies.error(503)))
                        .always(FaultyApi.path("p7", "patents"), FaultyApi.instead(Replies.error(404)));
                App app = App.start(
                        folder,
                        index.arguments(
                                ANY_PORT,
                                "--colleagues.apis.default.base-url=" + api.url(),
                                "--colleagues.indexing.batch-size=7"))) {
            Batch batch = app.runBatch("test");
            String metrics = get(app, "/prometheus").body();

            assertThat(metrics.lines().filter(line -> line.startsWith("# HELP colleagues_")))
                    .hasSize(14)
                    .allMatch(line -> line.matches("# HELP \\w+ \\S.*"));
            assertThat(batch.exitCode()).isEqualTo(1);
            for (Run run : batch.runs()) {
                String of = "{indexer=\"" + run.indexer() + "\"}";
                assertThat(value(metrics, "colleagues_documents_total" + of))
                        .isEqualTo(run.counts().documents());
                assertThat(value(metrics, "colleagues_unchanged_total" + of))
                        .isEqualTo(run.counts().unchanged());
                assertThat(value(metrics, "colleagues_rows_total" + of))
                        .isEqualTo(run.counts().rows());
                assertThat(value(metrics, "colleagues_errors_total" + of))
                        .isEqualTo(run.counts().errors());
                assertThat(value(metrics, "colleagues_chunks_in_flight" + of)).isZero();
                assertThat(value(
                                metrics,
                                "colleagues_run_duration_seconds_count{indexer=\"" + run.indexer()
                                        + "\",state=\"completed\"}"))
                        .isEqualTo(1);
            }
            assertThat(value(metrics, "colleagues_errors_total{indexer=\"patents\"}"))
                    .isEqualTo(1);
            assertThat(value(metrics, "colleagues_retries_total{indexer=\"patents\"}"))
                    .isEqualTo(1);
            assertThat(calls(metrics, "patents", "ok")).isEqualTo(29);
            assertThat(calls(metrics, "patents", "404")).isEqualTo(1);
            assertThat(calls(metrics, "patents", "503")).isEqualTo(1);
            assertThat(calls(metrics, "functions", "ok")).isEqualTo(30);
            assertThat(calls(metrics, "people-list", "ok")).isEqualTo(1);
            assertThat(
                            value(
                                    metrics,
                                    "colleagues_api_calls_seconds_bucket{api=\"default\",indexer=\"patents\",result=\"ok\",le=\"+Inf\"}"))
                    .isEqualTo(29);
        }
    }

    @Test
    void healthShowsOpenSearchTheLastBatchAndEachIndexer() throws IOException {
        Index index = new Index("it-health");
        List<ObjectNode> people = SamplePeople.madeUp(10);
        try (FaultyApi api = new FaultyApi(people)
                        .always(FaultyApi.path("p7", "patents"), FaultyApi.instead(Replies.error(404)));
                App app = App.start(
                        folder,
                        index.arguments(
                                ANY_PORT,
                                "--colleagues.apis.default.base-url=" + api.url(),
                                "--colleagues.indexing.only=patents"))) {
            JsonNode before = health(app, 200);
            Batch batch = app.runBatch("test");
            JsonNode after = health(app, 200);

            assertThat(before.at("/lastBatch/details/state").textValue()).isEqualTo("never ran");
            assertThat(before.at("/openSearch/status").textValue()).isEqualTo("UP");
            assertThat(before.at("/openSearch/details/status").textValue()).isIn("green", "yellow");
            assertThat(before.at("/openSearch/details/nodes").intValue()).isEqualTo(1);
            assertThat(after.at("/lastBatch/details/batch").textValue()).isEqualTo(batch.id());
            assertThat(after.at("/lastBatch/details/state").textValue()).isEqualTo("completed");
            assertThat(after.at("/lastBatch/details/errors").intValue()).isEqualTo(1);
            JsonNode patents = after.at("/indexers/details/patents");
            assertThat(patents.get("state").textValue()).isEqualTo("completed");
            assertThat(patents.get("urls").intValue()).isEqualTo(10);
            assertThat(patents.get("documents").intValue()).isEqualTo(9);
            assertThat(patents.get("errors").intValue()).isEqualTo(1);
            assertThat(after.at("/indexers/details/functions/state").textValue())
                    .isEqualTo("never ran");
        }
    }

    @Test
    void healthShowsBatchInProgress() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FaultyApi api = new FaultyApi(SamplePeople.madeUp(10))
                .always(FaultyApi.path("p7", "patents"), good -> connection -> {
                    called.countDown();
                    awaitLatch(goOn);
                    good.send(connection);
                });
        try (api;
                App app = App.start(
                        folder,
                        ANY_PORT,
                        "--colleagues.apis.default.base-url=" + api.url(),
                        "--colleagues.indexing.only=patents");
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<Batch> batch = other.submit(() -> app.runBatch("test"));
            try {
                awaitLatch(called);
                JsonNode health = health(app, 200);
                String metrics = get(app, "/prometheus").body();

                assertThat(health.at("/lastBatch/details/state").textValue()).isEqualTo("running");
                assertThat(health.at("/indexers/details/patents/state").textValue())
                        .isEqualTo("running");
                assertThat(value(metrics, "colleagues_chunks_in_flight{indexer=\"patents\"}"))
                        .isEqualTo(1);
            } finally {
                goOn.countDown();
            }
            assertThat(batch.get().exitCode()).isZero();
        }
    }

    @Test
    void isDownButAliveAfterABatchThatCouldNotRun() throws IOException {
        try (FaultyApi api = new FaultyApi(List.of());
                App app = App.start(
                        folder,
                        ANY_PORT,
                        "--colleagues.apis.default.base-url=" + api.url(),
                        "--colleagues.apis.default.auth.bearer-token=hunter2")) {
            api.admit(request -> false);
            assertThat(app.runBatch("test").exitCode()).isEqualTo(2);

            JsonNode health = health(app, 503);
            assertThat(health.at("/lastBatch/status").textValue()).isEqualTo("DOWN");
            assertThat(health.at("/lastBatch/details/reason").textValue()).endsWith(": HTTP 401 Unauthorized");
            assertThat(health.toString()).doesNotContain("hunter2", "\\tat ", "Exception");
            assertThat(get(app, "/health/liveness").statusCode()).isEqualTo(200);
            assertThat(get(app, "/health/readiness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void isNotReadyWithoutOpenSearch() throws IOException {
        ScriptedServer openSearch = new ScriptedServer(Replies::found);
        try (App app = App.start(
                folder,
                ANY_PORT,
                "--colleagues.deliver-to=opensearch",
                "--colleagues.opensearch.url=" + openSearch.url(),
                "--colleagues.opensearch.username=admin",
                "--colleagues.opensearch.password=hunter2")) {
            openSearch.close();
            HttpResponse<String> readiness = get(app, "/health/readiness");

            assertThat(readiness.statusCode()).isEqualTo(503);
            assertThat(readiness.body())
                    .contains("\"openSearch\":{\"status\":\"DOWN\"")
                    .doesNotContain("hunter2", "\\tat ");
            assertThat(get(app, "/health/liveness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void isAliveWhileTheStartWaitsForOpenSearch() throws Exception {
        AtomicBoolean isUp = new AtomicBoolean();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        URI liveness = URI.create("http://127.0.0.1:" + port + "/actuator/health/liveness");
        try (ScriptedServer openSearch =
                        new ScriptedServer(request -> isUp.get() ? Replies.found(request) : Replies.status(503, ""));
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<App> start = other.submit(() -> App.start(
                    folder,
                    "--management.server.port=" + port,
                    "--colleagues.deliver-to=opensearch",
                    "--colleagues.opensearch.url=" + openSearch.url()));
            try {
                await().ignoreExceptions().until(() -> get(liveness).statusCode() == 200);
                assertThat(start.isDone()).isFalse();
            } finally {
                isUp.set(true);
                start.get(60, TimeUnit.SECONDS).close();
            }
        }
    }

    @Test
    void listensOnlyOnTheLoopbackAddress(CapturedOutput output) throws Exception {
        try (App app = App.start(folder, ANY_PORT)) {
            int port = app.managementPort();

            assertThat(output.getOut()).contains("Health and metrics on http://127.0.0.1:" + port + "/actuator");
            assertThat(get(app, "/health/liveness").statusCode()).isEqualTo(200);
            for (String closed : List.of("/env", "/heapdump", "/beans", "/shutdown", "/loggers")) {
                assertThat(get(app, closed).statusCode()).as(closed).isEqualTo(404);
            }
            for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
                for (InetAddress address : network.inetAddresses()
                        .filter(other -> !other.isLoopbackAddress())
                        .toList()) {
                    assertThatThrownBy(() -> new Socket(address, port).close())
                            .as(address.toString())
                            .isInstanceOf(ConnectException.class);
                }
            }
        }
    }

    @Test
    void singleBatchOpensNoPortAndCreatesNoTracesByItself() {
        try (App app = App.start(folder)) {
            assertThat(app.managementPort()).isZero();
            assertThat(app.beansOf("io.opentelemetry")).isEmpty();
        }
    }

    @Test
    void reportsInOneLineThatThePortIsInUse(CapturedOutput output) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> App.start(folder, "--management.server.port=" + taken.getLocalPort())
                            .close())
                    .isInstanceOf(RuntimeException.class);

            assertThat(output.getErr())
                    .startsWith("cannot start: management.server.port: " + taken.getLocalPort() + " is in use; ")
                    .hasLineCount(1);
        }
    }

    @Test
    void singleBatchSendsItsTraceBeforeItExits() throws IOException {
        try (TraceCollector collector = new TraceCollector()) {
            App.once(folder, "--management.otlp.tracing.endpoint=" + collector.endpoint());

            assertThat(collector.spans())
                    .filteredOn(TraceCollector.Span::isRoot)
                    .extracting(TraceCollector.Span::name, TraceCollector.Span::status)
                    .containsExactly(tuple("run-batch", "OK"));
            assertThat(collector.spans())
                    .filteredOn(span -> span.name().matches("(run|index)-patents"))
                    .extracting(TraceCollector.Span::status)
                    .isNotEmpty()
                    .containsOnly("OK");
        }
    }

    private static JsonNode health(App app, int status) throws IOException {
        HttpResponse<String> health = get(app, "/health");
        assertThat(health.statusCode()).as(health.body()).isEqualTo(status);
        return json(health.body()).get("components");
    }

    private static HttpResponse<String> get(App app, String path) throws IOException {
        return get(URI.create("http://127.0.0.1:" + app.managementPort() + "/actuator" + path));
    }

    private static HttpResponse<String> get(URI uri) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    private static long calls(String metrics, String indexer, String result) {
        return value(
                metrics,
                "colleagues_api_calls_seconds_count{api=\"default\",indexer=\"" + indexer + "\",result=\"" + result
                        + "\"}");
    }

    private static long value(String metrics, String series) {
        return metrics.lines()
                .filter(line -> line.startsWith(series + " "))
                .findFirst()
                .map(line -> (long) Double.parseDouble(line.substring(series.length() + 1)))
                .orElseThrow(() -> new AssertionError("no " + series + " in\n" + metrics));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
