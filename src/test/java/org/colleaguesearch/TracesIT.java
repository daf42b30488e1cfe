package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.TraceCollector.Span;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The traces that an OpenTelemetry collector gets: one per batch, export and request, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class TracesIT {
    private static final String PARENT = "00f067aa0ba902b7";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TraceCollector collector;
    private FaultyApi api;
    private App app;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        collector = new TraceCollector();
        api = new FaultyApi(SamplePeople.madeUp(10))
                .always(FaultyApi.path("p3", "patents"), FaultyApi.instead(Replies.error(404)))
                .always(FaultyApi.path("p5", "patents"), FaultyApi.instead(Replies.json("[")));
        app = App.service(
                folder,
                App.withKey(new Index("it-traces")
                        .arguments(
                                "--management.otlp.tracing.endpoint=" + collector.endpoint(),
                                "--colleagues.apis.default.base-url=" + api.url(),
                                "--colleagues.apis.default.retry.attempts=2",
                                "--colleagues.indexing.batch-size=5",
                                "--colleagues.indexing.only=patents")));
    }

    @AfterAll
    void stop() throws IOException {
        app.close();
        api.close();
        collector.close();
        client.close();
    }

    @Test
    void batchIsOneTraceFromTheTriggerToEachCall() {
        // Full, so that it delivers its chunks although the other test's batch did.
        Batch batch = app.runFullBatch("test");

        List<Span> trace = traceWith("run-batch", "colleagues.batch.id", batch.id());
        Span root = only(trace, "run-batch");
        assertThat(root.isRoot()).isTrue();
        assertThat(trace)
                .allSatisfy(span -> assertThat(span.attributes()).containsEntry("colleagues.batch.id", batch.id()));
        assertThat(parents(trace, "list-people")).containsExactly("run-batch");
        assertThat(parents(trace, "run-patents")).containsExactly("run-batch");
        assertThat(parents(trace, "index-patents")).containsExactly("run-patents", "run-patents");
        assertThat(parents(trace, "deliver-chunk")).containsExactly("index-patents", "index-patents");
        assertThat(parents(trace, "bulk it-traces")).containsExactly("deliver-opensearch", "deliver-opensearch");
        assertThat(parents(trace, "batch-completed")).containsExactly("run-batch");
        // One page of people and ten URLs, one of them retried.
        assertThat(parents(trace, "GET"))
                .hasSize(12)
                .containsOnly("read-people-pages", "index-patents")
                .filteredOn("read-people-pages"::equals)
                .hasSize(1);
        assertThat(named(trace, "index-patents"))
                .allSatisfy(span -> assertThat(span.attributes()).containsEntry("colleagues.run.indexer", "patents"))
                .extracting(span -> span.attributes().get("colleagues.chunk.number"))
                .containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void batchRecordsTheResultsOfItsCallsChunksAndRuns() {
        Batch batch = app.runBatch("test");

        List<Span> trace = traceWith("run-batch", "colleagues.batch.id", batch.id());
        assertThat(only(trace, "run-batch").status()).isEqualTo("ERROR");
        assertThat(only(trace, "run-batch").description()).isEqualTo("patents: 2 of 10 URLs failed");
        assertThat(only(trace, "run-patents").description()).isEqualTo("2 of 10 URLs failed");
        assertThat(named(trace, "index-patents"))
                .extracting(Span::status, Span::description)
                .containsExactlyInAnyOrder(
                        tuple("ERROR", "1 of 5 URLs failed, the first: HTTP 404 Not Found"),
                        tuple("ERROR", "1 of 5 URLs failed, the first: the response is truncated"));
        assertThat(named(trace, "deliver-chunk")).extracting(Span::status).containsOnly("UNSET");

        Span good = only(called(trace, "p2"));
        assertThat(good.kind()).isEqualTo("CLIENT");
        assertThat(good.status()).isEqualTo("UNSET");
        assertThat(good.attributes())
                .containsEntry("http.request.method", "GET")
                .containsEntry("http.response.status_code", 200L)
                .containsEntry("server.address", "127.0.0.1")
                .containsEntry("server.port", (long) api.url().getPort())
                .containsEntry("url.full", api.url() + FaultyApi.path("p2", "patents"))
                .containsEntry("colleagues.chunk.number", 1L)
                .doesNotContainKeys("error.type", "http.request.resend_count");
        Span missing = only(called(trace, "p3"));
        assertThat(missing.status()).isEqualTo("ERROR");
        assertThat(missing.attributes())
                .containsEntry("http.response.status_code", 404L)
                .containsEntry("error.type", "404");
        assertThat(called(trace, "p5"))
                .hasSize(2)
                .allSatisfy(span -> assertThat(span.status()).isEqualTo("ERROR"))
                .allSatisfy(span -> assertThat(span.attributes())
                        .containsEntry("http.response.status_code", 200L)
                        .containsEntry("error.type", "com.fasterxml.jackson.core.io.JsonEOFException"))
                .extracting(span -> span.attributes().get("http.request.resend_count"))
                .containsExactlyInAnyOrder(null, 1L);
    }

    @Test
    void requestContinuesTheTraceOfItsClient() throws Exception {
        String traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
        send(search("trailers").header("traceparent", "00-" + traceId + "-" + PARENT + "-01"));

        List<Span> trace = traceOf(traceId, "POST /api/expertise-search");
        Span server = only(trace, "POST /api/expertise-search");
        assertThat(server.kind()).isEqualTo("SERVER");
        assertThat(server.parentId()).isEqualTo(PARENT);
        assertThat(server.status()).isEqualTo("UNSET");
        assertThat(server.attributes())
                .isEqualTo(Map.of(
                        "http.request.method", "POST",
                        "http.route", "/api/expertise-search",
                        "http.response.status_code", 200L,
                        "url.path", "/api/expertise-search",
                        "url.scheme", "http"));
        assertThat(parents(trace, "expertise-search")).containsExactly("POST /api/expertise-search");
        Span search = only(trace, "msearch it-traces");
        assertThat(search.kind()).isEqualTo("CLIENT");
        assertThat(parents(trace, "msearch it-traces")).containsExactly("expertise-search");
        assertThat(search.attributes())
                .containsEntry("db.system.name", "opensearch")
                .containsEntry("db.operation.name", "msearch")
                .containsEntry("db.collection.name", "it-traces")
                .containsEntry("http.request.method", "POST")
                .containsEntry("http.response.status_code", 200L);
        assertThat(trace).hasSize(3);
    }

    /** Otherwise clients would decide what is recorded here. */
    @Test
    void clientDoesNotDecideWhatIsSampled() throws Exception {
        String traceId = "5bf92f3577b34da6a3ce929d0e0e4736";
        send(search("trailers").header("traceparent", "00-" + traceId + "-" + PARENT + "-00"));

        assertThat(traceOf(traceId, "POST /api/expertise-search")).hasSize(3);
    }

    @Test
    void requestWithoutValidTraceparentStartsItsOwnTrace() throws Exception {
        String traceId = "6bf92f3577b34da6a3ce929d0e0e4736";
        String good = "00-" + traceId + "-" + PARENT + "-01";
        long before = servers("POST /api/expertise-search").count();
        send(search("trailers"));
        for (String malformed : List.of(
                "x",
                good.substring(1),
                "ff" + good.substring(2),
                good.toUpperCase(Locale.ROOT),
                good.replace(PARENT, "0".repeat(16)))) {
            send(search("trailers").header("traceparent", malformed));
        }
        send(search("trailers").header("traceparent", good).header("traceparent", good));

        await().until(() -> servers("POST /api/expertise-search").count() == before + 7);
        List<Span> roots = servers("POST /api/expertise-search").skip(before).toList();
        assertThat(roots).allSatisfy(root -> {
            assertThat(root.isRoot()).isTrue();
            assertThat(root.traceId()).isNotEqualToIgnoringCase(traceId);
            assertThat(trace(root.traceId())).hasSize(3);
        });
        assertThat(roots).extracting(Span::traceId).doesNotHaveDuplicates();
    }

    @Test
    void refusedRequestDoesNotJoinTheTraceOfItsClient() throws Exception {
        String traceparent = "00-7bf92f3577b34da6a3ce929d0e0e4736-" + PARENT + "-01";
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("/api/exports/some-job"))
                .header("X-API-Key", App.KEY + "x")
                .header("traceparent", traceparent));

        assertThat(answer.statusCode()).isEqualTo(401);
        await().until(() -> servers("GET /api/exports/{job_id}").count() == 1);
        Span server = only(servers("GET /api/exports/{job_id}"));
        assertThat(server.isRoot()).isTrue();
        assertThat(server.status()).isEqualTo("UNSET");
        assertThat(server.attributes())
                .isEqualTo(Map.of(
                        "http.request.method", "GET",
                        "http.route", "/api/exports/{job_id}",
                        "http.response.status_code", 401L,
                        "url.path", "/api/exports/some-job",
                        "url.scheme", "http"));
        assertThat(trace(server.traceId())).hasSize(1);
    }

    @Test
    void refusalsAndUnknownMethodsHaveFewSpanNames() throws Exception {
        send(HttpRequest.newBuilder(uri("/api/nowhere")).header("X-API-Key", App.KEY));
        send(HttpRequest.newBuilder(uri("/api/nowhere")).method("MAKEUP", BodyPublishers.noBody()));

        await().until(() -> servers("GET").count() == 1 && servers("HTTP").count() == 1);
        assertThat(only(servers("GET")).attributes())
                .containsEntry("http.response.status_code", 404L)
                .doesNotContainKey("http.route");
        assertThat(only(servers("HTTP")).attributes())
                .containsEntry("http.request.method", "_OTHER")
                .containsEntry("http.request.method_original", "MAKEUP")
                .containsEntry("http.response.status_code", 400L);
    }

    @Test
    void exportHasItsOwnTraceWithALinkToItsRequest() throws Exception {
        String urls = "[\"%s\",\"%s\"]"
                .formatted(
                        api.url() + FaultyApi.path("p2", "patents"),
                        api.url() + FaultyApi.path("p4", "patents") + "?token=hunter2&code=1");
        HttpResponse<String> answer = send(post("/api/exports", "{\"job_id\":\"traced\",\"urls\":" + urls + "}"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        await().until(() -> servers("POST /api/exports").count() == 1
                && named(spans(), "run-export-batch").count() == 1);
        Span request = only(servers("POST /api/exports"));
        List<Span> ofRequest = trace(request.traceId()).toList();
        assertThat(ofRequest).filteredOn(Span::isRoot).containsExactly(request);
        assertThat(ofRequest)
                .extracting(Span::name)
                .containsExactlyInAnyOrder("POST /api/exports", "create-export", "begin-export");
        Span root = only(named(spans(), "run-export-batch"));
        List<Span> trace = trace(root.traceId()).toList();
        assertThat(root.isRoot()).isTrue();
        assertThat(root.links()).containsExactly(request.traceId());
        assertThat(root.traceId()).isNotEqualTo(request.traceId());
        assertThat(root.status()).isEqualTo("ERROR");
        assertThat(root.description()).isEqualTo("export: 1 of 2 URLs failed");
        assertThat(parents(trace, "run-export")).containsExactly("run-export-batch");
        assertThat(parents(trace, "index-export")).containsExactly("run-export");
        assertThat(parents(trace, "GET")).containsExactly("index-export", "index-export");
        assertThat(only(trace, "index-export").attributes())
                .containsEntry("colleagues.run.indexer", "export")
                .containsEntry("colleagues.chunk.number", 1L);
        assertThat(collector.text()).doesNotContain("hunter2");
    }

    @Test
    void batchOfARequestHasItsOwnTraceWithALinkToIt() throws Exception {
        HttpResponse<String> answer = send(post("/api/runs", "{}"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        String batch =
                new ObjectMapper().readTree(answer.body()).get("batch_id").textValue();
        Span root = only(traceWith("run-batch", "colleagues.batch.id", batch), "run-batch");
        assertThat(root.links()).hasSize(1);
        List<Span> ofRequest = trace(root.links().get(0)).toList();
        assertThat(only(ofRequest.stream().filter(Span::isRoot)).name()).isEqualTo("POST /api/runs");
        assertThat(ofRequest).extracting(Span::name).doesNotContain("run-in-background", "run-batch");
    }

    @Test
    void healthChecksStartAndSearchTermsAreInNoSpan() throws Exception {
        send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.managementPort() + "/actuator/health")));
        send(HttpRequest.newBuilder(uri("/api/autosuggest?q=xylophone")).header("X-API-Key", App.KEY));
        send(search("zymurgy"));

        await().until(() -> servers("GET /api/autosuggest").count() == 1);
        await().until(() -> servers("POST /api/expertise-search").count() > 0);
        assertThat(collector.text())
                .doesNotContain(
                        "xylophone", "zymurgy", "actuator", "_cluster", App.KEY.substring(App.KEY.indexOf('.')));
        assertThat(spans())
                .extracting(Span::name)
                .doesNotContain("recover", "continue-exports", "schedule", "write-vectors");
        assertThat(spans().stream().filter(Span::isRoot).map(Span::name).distinct())
                .allMatch(name -> name.matches("run-batch|run-export-batch|(GET|POST) /api/\\S+|GET|HTTP"));
    }

    @Test
    void spansNameTheService() throws Exception {
        send(search("trailers"));

        await().until(() -> !spans().isEmpty());
        assertThat(spans())
                .allSatisfy(span -> assertThat(span.resource())
                        .containsEntry("service.name", "colleague-search")
                        .containsEntry("telemetry.sdk.language", "java"));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + app.apiPort() + path);
    }

    private HttpRequest.Builder post(String path, String body) {
        return HttpRequest.newBuilder(uri(path))
                .header("X-API-Key", App.KEY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder search(String query) {
        return post("/api/expertise-search", "{\"query\":\"" + query + "\"}");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** All spans that have ended so far. */
    private List<Span> spans() {
        app.bean(SdkTracerProvider.class).forceFlush().join(10, TimeUnit.SECONDS);
        return collector.spans();
    }

    private Stream<Span> servers(String name) {
        return named(spans(), name).filter(span -> span.kind().equals("SERVER"));
    }

    private Stream<Span> trace(String id) {
        return spans().stream().filter(span -> span.traceId().equals(id));
    }

    /** The trace with this id, once its last span has ended. */
    private List<Span> traceOf(String id, String last) {
        await().until(() -> trace(id).anyMatch(span -> span.name().equals(last)));
        return trace(id).toList();
    }

    /** The trace of a root span, once that has ended. */
    private List<Span> traceWith(String root, String attribute, String value) {
        await().until(() -> named(spans(), root)
                .anyMatch(span -> value.equals(span.attributes().get(attribute))));
        String id = named(spans(), root)
                .filter(span -> value.equals(span.attributes().get(attribute)))
                .findFirst()
                .orElseThrow()
                .traceId();
        List<Span> trace = trace(id).toList();
        assertThat(trace).filteredOn(Span::isRoot).hasSize(1);
        return trace;
    }

    private static Stream<Span> named(List<Span> spans, String name) {
        return spans.stream().filter(span -> span.name().equals(name));
    }

    /** The calls for the patents of a person. */
    private static Stream<Span> called(List<Span> trace, String id) {
        return trace.stream()
                .filter(span ->
                        String.valueOf(span.attributes().get("url.full")).endsWith(FaultyApi.path(id, "patents")));
    }

    private static Span only(List<Span> trace, String name) {
        return only(named(trace, name));
    }

    private static Span only(Stream<Span> spans) {
        List<Span> all = spans.toList();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    /** The names of the parents of the spans with this name. */
    private static List<String> parents(List<Span> trace, String name) {
        Map<String, String> names = trace.stream().collect(Collectors.toMap(Span::spanId, Span::name));
        return named(trace, name).map(span -> names.get(span.parentId())).toList();
    }
}
