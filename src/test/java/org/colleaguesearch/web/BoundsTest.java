package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.colleaguesearch.web.EdgeApplication.problem;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests above a limit are refused without waiting, and completed requests free their places. */
class BoundsTest {
    private static final int PLACES = 20;
    private static final int PLACES_OF_KEY = PLACES / 2;
    private static final int PER_SECOND = 20;
    private static final AtomicInteger HELD = new AtomicInteger();
    private static volatile CountDownLatch goOn = new CountDownLatch(0);

    /** Searches wait for the test; other operations respond immediately. */
    private static final RouteBuilder SLOW = new RouteBuilder() {
        @Override
        public void configure() {
            for (Operation operation : new ApiContract(List::of).operations()) {
                from("direct:" + operation.id())
                        .routeId(operation.id())
                        .routeConfigurationId("problems")
                        .process(exchange -> {
                            if (operation.id().equals("autosuggest")) {
                                HELD.incrementAndGet();
                                goOn.await();
                            }
                            exchange.getMessage().setBody("{}");
                        });
            }
        }
    };

    @RegisterExtension
    static final EdgeApplication APPLICATION = new EdgeApplication(SLOW)
            .with("colleagues.web.requests-in-flight", PLACES)
            .with("colleagues.web.requests-per-second", PER_SECOND);

    @Test
    void limitsRequestRateOfEachKey() throws IOException {
        HttpResponse<String> last = APPLICATION.get("/api/indexers");
        while (last.statusCode() == 200) {
            last = APPLICATION.get("/api/indexers");
        }

        assertThat(problem(last, 429).get("detail").textValue())
                .startsWith("too many requests per second with this key");
        assertThat(last.headers().firstValue("Retry-After")).hasValue("1");
        // Does not affect another key.
        assertThat(APPLICATION
                        .send(HttpRequest.newBuilder(APPLICATION.uri("/api/expertise-search"))
                                .header("X-API-Key", EdgeApplication.SEARCHER.text())
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(200);
        await().until(() -> APPLICATION.get("/api/indexers").statusCode() == 200);
    }

    @Test
    @Timeout(60)
    void refusesRequestsAboveLimitUntilPlacesAreFree() throws Exception {
        goOn = new CountDownLatch(1);
        HELD.set(0);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            moreThanCanBeAnswered(clients);
        }
    }

    private static void moreThanCanBeAnswered(ExecutorService clients) throws Exception {
        try {
            List<Future<HttpResponse<String>>> held = new ArrayList<>();
            for (int i = 0; i < PLACES_OF_KEY; i++) {
                held.add(clients.submit(() -> untilNot(List.of(429), EdgeApplication.ALL)));
            }
            await().until(() -> HELD.get() == PLACES_OF_KEY);
            HttpResponse<String> tooManyOfKey = APPLICATION.get("/api/autosuggest");
            HttpResponse<String> ofAnother = APPLICATION.get("/api/indexers", EdgeApplication.OTHER);
            for (int i = 0; i < PLACES - PLACES_OF_KEY; i++) {
                held.add(clients.submit(() -> untilNot(List.of(429, 503), EdgeApplication.SEARCHER)));
            }
            await().until(() -> HELD.get() == PLACES);
            HttpResponse<String> tooMany = untilNot(List.of(429), EdgeApplication.OTHER);
            goOn.countDown();

            assertThat(problem(tooManyOfKey, 429).get("detail").textValue())
                    .startsWith("this key has too many requests in flight");
            assertThat(tooManyOfKey.headers().firstValue("Retry-After")).hasValue("1");
            // Lacks the scope, but gets a response.
            assertThat(ofAnother.statusCode()).isEqualTo(403);
            assertThat(problem(tooMany, 503).get("detail").textValue()).startsWith("too many requests");
            assertThat(tooMany.headers().firstValue("Retry-After")).hasValue("1");
            for (Future<HttpResponse<String>> answer : held) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
            await().until(() -> APPLICATION.bean(InFlight.class).free() == PLACES);
        } finally {
            goOn.countDown();
        }
    }

    /** Waits, because a completed response holds its place for a moment. */
    private static HttpResponse<String> untilNot(List<Integer> statuses, NewKey key) throws IOException {
        HttpResponse<String> answer = APPLICATION.get("/api/autosuggest", key);
        while (statuses.contains(answer.statusCode())) {
            answer = APPLICATION.get("/api/autosuggest", key);
        }
        return answer;
    }

    @Test
    void refusesBodyLargerThanMemoryAndReleasesItsPlaces() throws IOException {
        String urls = "\"http://example.org/" + "x".repeat(1500) + "\"";
        String large = "{\"job_id\":\"large\",\"urls\":[" + (urls + ",").repeat(500) + urls + "]}";

        await().until(() -> {
            HttpResponse<String> answer = APPLICATION.post("/api/exports", large);
            return answer.statusCode() == 413 && answer.body().contains("too little memory");
        });
        await().until(() -> APPLICATION.bean(InFlight.class).free() == PLACES);
    }
}
