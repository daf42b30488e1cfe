package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.component.mock.MockEndpoint;
import org.awaitility.Awaitility;
import org.colleaguesearch.runs.LastBatch;
import org.junit.jupiter.api.Test;

class CatchUpRouteTest {
    private static final LastBatch TWO_DAYS_AGO =
            () -> Optional.of(Instant.now().minus(Duration.ofDays(2)));

    @Test
    void startsOneBatchForAllTimesMissed() throws Exception {
        try (RouteApplication application = application()
                .withBean("lastBatch", LastBatch.class, TWO_DAYS_AGO)
                .start()) {
            MockEndpoint batches = application.mock("index-all");
            batches.expectedBodiesReceived("schedule (missed while the application was down)");

            batches.assertIsSatisfied(20_000);
            Awaitility.await().during(Duration.ofMillis(300)).until(() -> batches.getReceivedCounter() == 1);
        }
    }

    @Test
    void isLeftOutWhenNoTimeWasMissed() {
        LastBatch justNow = () -> Optional.of(Instant.now());
        try (RouteApplication application = RouteApplication.of("catch-up")
                .with("colleagues.schedule", "0 0 2 1 1 ?")
                .withBean("lastBatch", LastBatch.class, justNow)
                .start()) {
            assertThat(application.camel().getRoutes()).isEmpty();
        }
    }

    @Test
    void isLeftOutWithoutAnEarlierBatch() {
        try (RouteApplication application = RouteApplication.of("catch-up")
                .withBean("lastBatch", LastBatch.class, Optional::empty)
                .start()) {
            assertThat(application.camel().getRoutes()).isEmpty();
        }
    }

    @Test
    void isLeftOutWhenToldSo() {
        try (RouteApplication application = RouteApplication.of("catch-up")
                .with("colleagues.catch-up", false)
                .withBean("lastBatch", LastBatch.class, TWO_DAYS_AGO)
                .start()) {
            assertThat(application.camel().getRoutes()).isEmpty();
        }
    }

    @Test
    void isLeftOutBesideABatchAtStart() {
        try (RouteApplication application = RouteApplication.of("catch-up")
                .with("colleagues.run-at-start", true)
                .withBean("lastBatch", LastBatch.class, TWO_DAYS_AGO)
                .start()) {
            assertThat(application.camel().getRoutes()).isEmpty();
        }
    }

    private static RouteApplication application() {
        return RouteApplication.of("catch-up")
                .with(
                        "catch-up",
                        route -> route.weaveById("start-missed-batch").replace().to("mock:index-all"));
    }
}
