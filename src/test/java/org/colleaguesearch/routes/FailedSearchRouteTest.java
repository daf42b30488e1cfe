package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** What a search answers when OpenSearch does not, or not well; with a real client and server. */
@Timeout(60)
class FailedSearchRouteTest {
    private static final int CONNECTIONS = 8;
    private static final String NOBODY = "{\"hits\":{\"total\":{\"value\":0},\"hits\":[]},\"aggregations\":{}}";
    private static final LocalServer.Answer NOTHING = both(NOBODY, NOBODY);

    /** The answer to the searches of the people and of the facets. */
    private static LocalServer.Answer both(String people, String facets) {
        return LocalServer.Answer.ok("{\"responses\":[" + people + "," + facets + "]}");
    }

    private static volatile Function<LocalServer.Request, LocalServer.Answer> openSearch = request -> NOTHING;

    private static final LocalServer OPENSEARCH = new LocalServer(request ->
            request.target().contains("search") ? openSearch.apply(request) : LocalServer.Answer.status(200));

    @RegisterExtension
    static final RouteApplication APPLICATION = application(OPENSEARCH.url().toString());

    /** With a time-out that a machine which stalls for seconds does not exceed. */
    private static RouteApplication application(String url) {
        return application(url, "40s");
    }

    private static RouteApplication application(String url, String timeout) {
        return RouteApplication.of("expertise-search", "index-chunk")
                .withFile(Path.of("routes/indexers/*.camel.yaml"))
                .with("colleagues.deliver-to", "opensearch")
                .with("colleagues.opensearch.url", url)
                .with("colleagues.search.timeout", timeout)
                .with("colleagues.search.connections", CONNECTIONS);
    }

    @BeforeEach
    void reset() {
        openSearch = request -> NOTHING;
        OPENSEARCH.requests().clear();
    }

    @AfterAll
    static void stop() {
        OPENSEARCH.close();
    }

    @Test
    void asksTheAliasForWholeAnswers() {
        assertThat(status(search(APPLICATION))).isNull();

        assertThat(searches()).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.target()).isEqualTo("/colleagues/_msearch");
            assertThat(headers(request))
                    .hasSize(2)
                    .allSatisfy(header -> assertThat(header).startsWith("{\"allow_partial_search_results\":false,"));
        });
    }

    /** Otherwise someone could be on two pages, and someone else on none. */
    @Test
    void pagesOfOneQueryComeFromTheSameCopies() {
        for (String request : List.of(
                "{\"query\":\"nets\"}", "{\"query\":\"nets\",\"from\":10,\"size\":20}", "{\"query\":\"membranes\"}")) {
            assertThat(status(APPLICATION.send("expertise-search", request))).isNull();
        }

        List<List<String>> headers =
                searches().stream().map(FailedSearchRouteTest::headers).toList();
        assertThat(headers.get(1)).isEqualTo(headers.get(0));
        assertThat(headers.get(2)).isNotEqualTo(headers.get(0));
    }

    /** The lines of a multi-search that say where to search. */
    private static List<String> headers(LocalServer.Request request) {
        return request.body()
                .lines()
                .filter(line -> line.contains("\"preference\""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "429, rejected_execution_exception",
        "503, no_shard_available_action_exception",
        "502, ''",
        "404, index_not_found_exception",
        "403, security_exception"
    })
    void saysThatTheIndexCannotBeSearchedNow(int status, String type, CapturedOutput log) {
        openSearch = request -> error(status, type, "at node 10.1.2.3");

        Exchange ended = search(APPLICATION);

        assertThat(status(ended)).isEqualTo(503);
        assertThat(ended.getMessage().getHeader("Retry-After")).isEqualTo("5");
        assertThat(problem(ended).get("detail").asText()).startsWith("the search index is unavailable");
        assertThat(log).contains("OpenSearch search failed: HTTP " + status).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({"429, rejected_execution_exception, 503", "400, parsing_exception, 500"})
    void oneSearchThatFailsFailsAll(int status, String type, int answered, CapturedOutput log) {
        openSearch = request -> both(
                NOBODY,
                "{\"status\":%d,\"error\":{\"type\":\"%s\",\"reason\":\"at node 10.1.2.3\"}}".formatted(status, type));

        Exchange ended = search(APPLICATION);

        assertThat(status(ended)).isEqualTo(answered);
        assertThat(problem(ended).get("detail").asText()).doesNotContain("10.1.2.3");
        assertThat(log).contains(type);
    }

    /** A fault of the template, which whoever edits it finds in the log. */
    @Test
    void queryThatOpenSearchDoesNotUnderstandIsOurFault(CapturedOutput log) {
        openSearch = request -> error(400, "parsing_exception", "unknown query [matsch]");

        Exchange ended = search(APPLICATION);

        assertThat(status(ended)).isEqualTo(500);
        assertThat(problem(ended).get("detail").asText()).doesNotContain("matsch");
        assertThat(log).contains("unknown query [matsch]").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"responses\":[{\"hits\":", "", "{}", "<html>", "{\"responses\":[{},{}]}", "{\"responses\":[]}"
            })
    void whatIsNoAnswerToASearchIsNone(String answer) {
        openSearch = request -> LocalServer.Answer.ok(answer);

        assertThat(status(search(APPLICATION))).isEqualTo(503);
    }

    @Test
    void saysThatThereIsNoIndex() {
        try (RouteApplication csv = RouteApplication.of("expertise-search", "index-chunk")
                .withFile(Path.of("routes/indexers/*.camel.yaml"))
                .start()) {
            Exchange ended = search(csv);

            assertThat(status(ended)).isEqualTo(503);
            assertThat(problem(ended).get("detail").asText()).startsWith("no index to search: colleagues.deliver-to");
        }
    }

    @Test
    void unreachableIsUnavailable() {
        LocalServer gone = new LocalServer(request -> NOTHING);
        try (RouteApplication application = application(gone.url().toString()).start()) {
            // It was there at the start.
            assertThat(status(search(application))).isNull();
            gone.close();

            assertThat(status(search(application))).isEqualTo(503);
        }
    }

    @Test
    void manyWaitForASlowOneWithoutThreadsOfTheirOwn() throws Exception {
        try (RouteApplication impatient =
                application(OPENSEARCH.url().toString(), "3s").start()) {
            manyWaitForASlowOne(impatient);
        }
    }

    private static void manyWaitForASlowOne(RouteApplication application) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        long began = System.nanoTime();
        Queue<Long> arrivals = new ConcurrentLinkedQueue<>();
        openSearch = request -> {
            arrivals.add(System.nanoTime() - began);
            await(held);
            return NOTHING;
        };
        int before = ManagementFactory.getThreadMXBean().getThreadCount();
        List<Future<Integer>> answers = new ArrayList<>();
        try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                answers.add(virtual.submit(() -> status(search(application))));
            }
            // On a slow machine, the first have timed out before the last of these arrives.
            Awaitility.await().until(() -> searches().size() >= CONNECTIONS);
            // Threads of other tests in this JVM come and go, but there are not 500 of them.
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(before + 250);

            assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).isIn(503, 504));
            // Until the first can time out, no more get to OpenSearch than there are connections.
            assertThat(arrivals)
                    .filteredOn(arrival -> arrival < Duration.ofSeconds(3).toNanos())
                    .hasSizeLessThanOrEqualTo(CONNECTIONS);
        } finally {
            held.countDown();
        }
        // And the connections are free again.
        openSearch = request -> NOTHING;
        Awaitility.await()
                .untilAsserted(() -> assertThat(status(search(application))).isNull());
    }

    /** Those that got through; the others are of the set-up of the index. */
    private static List<LocalServer.Request> searches() {
        return OPENSEARCH.requests().stream()
                .filter(request -> request.target().contains("search"))
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static LocalServer.Answer error(int status, String type, String reason) {
        return new LocalServer.Answer(
                status,
                Map.of("Content-Type", "application/json"),
                "{\"error\":{\"type\":\"%s\",\"reason\":\"%s\"},\"status\":%d}".formatted(type, reason, status));
    }

    private static Exchange search(RouteApplication application) {
        return application.send("expertise-search", "{\"query\":\"nets\"}");
    }

    private static Integer status(Exchange ended) {
        assertThat(ended.getException()).isNull();
        return ended.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    }

    private static JsonNode problem(Exchange ended) {
        return Sample.json(ended.getMessage().getBody(String.class));
    }
}
