package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.camel.component.mock.MockEndpoint;
import org.awaitility.Awaitility;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.junit.jupiter.api.Test;

class RunAtStartRouteTest {
    @Test
    void startsOneBatchWhenToldTo() throws Exception {
        try (RouteApplication application =
                application(List.of()).with("colleagues.run-at-start", true).start()) {
            MockEndpoint batches = application.mock("index-all");

            assertStarts(batches, "start");
            Awaitility.await().during(Duration.ofMillis(300)).until(() -> batches.getReceivedCounter() == 1);
            assertThat(application.mock("resume").getReceivedCounter()).isEqualTo(1);
        }
    }

    @Test
    void startsOneBatchWithTheDemoApi() throws Exception {
        try (RouteApplication application = application(List.of())
                .without("colleagues.apis.default.base-url")
                .start()) {
            MockEndpoint batches = application.mock("index-all");

            assertStarts(batches, "start");
        }
    }

    @Test
    void onlyContinuesWhatIsUnfinishedWithAnotherApi() throws Exception {
        try (RouteApplication application = application(List.of()).start()) {
            assertOnlyContinues(application);
        }
    }

    @Test
    void onlyContinuesWhatIsUnfinishedWhenToldSo() throws Exception {
        try (RouteApplication application = application(List.of())
                .without("colleagues.apis.default.base-url")
                .with("colleagues.run-at-start", false)
                .start()) {
            assertOnlyContinues(application);
        }
    }

    @Test
    void startsNoBatchWhenItHasContinuedOne() throws Exception {
        try (RouteApplication application = application(List.of("a batch"))
                .with("colleagues.run-at-start", true)
                .start()) {
            assertOnlyContinues(application);
        }
    }

    @Test
    void startsTheBatchWhoseTimePassedWhileTheApplicationWasDown() throws Exception {
        try (RouteApplication application = application(List.of("a batch")).start()) {
            assertOnlyContinues(application);
            lastBatchBegan(application, Duration.ofDays(2));
            MockEndpoint batches = application.restart().mock("index-all");

            assertStarts(batches, "schedule (missed while the application was down)");
        }
    }

    @Test
    void startsNoneWhoseTimePassedWhenToldSo() throws Exception {
        try (RouteApplication application =
                application(List.of()).with("colleagues.catch-up", false).start()) {
            lastBatchBegan(application, Duration.ofDays(2));

            assertOnlyContinues(application.restart());
        }
    }

    private static void lastBatchBegan(RouteApplication application, Duration ago) {
        Ledger ledger = application.bean(Ledger.class);
        Instant began = Instant.now().minus(ago);
        ledger.open(Sample.BATCH_ID, "test", began, List.of("sample"), 100, false, null);
        ledger.endBatch(Sample.BATCH_ID, State.COMPLETED, null, began);
    }

    /** Not by an expectation of the mock: the batch may start before it is set. */
    private static void assertStarts(MockEndpoint batches, String trigger) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(batches.getExchanges())
                        .extracting(start -> start.getMessage().getBody())
                        .containsExactly(trigger));
    }

    private static void assertOnlyContinues(RouteApplication application) {
        MockEndpoint resumed = application.mock("resume");
        Awaitility.await().until(() -> resumed.getReceivedCounter() == 1);
        MockEndpoint batches = application.mock("index-all");
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> batches.getReceivedCounter() == 0);
    }

    /** Whose start has these batches to continue. */
    private static RouteApplication application(List<String> unfinished) {
        return RouteApplication.of("run-at-start").with("run-at-start", route -> {
            route.weaveById("resume-at-start")
                    .replace()
                    .to("mock:resume")
                    .process(exchange -> exchange.getMessage().setBody(unfinished));
            route.weaveById("start-first-batch").replace().to("mock:index-all");
        });
    }
}
