package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.camel.component.mock.MockEndpoint;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RunAtStartRouteTest {
    @Test
    void startsOneBatchWhenToldTo() throws Exception {
        try (RouteApplication application =
                application().with("colleagues.run-at-start", true).start()) {
            MockEndpoint batches = application.mock("index-all");
            batches.expectedBodiesReceived("start");

            batches.assertIsSatisfied(20_000);
            Awaitility.await().during(Duration.ofMillis(300)).until(() -> batches.getReceivedCounter() == 1);
        }
    }

    @Test
    void startsOneBatchWithTheDemoApi() throws Exception {
        try (RouteApplication application =
                application().without("colleagues.api.base-url").start()) {
            MockEndpoint batches = application.mock("index-all");
            batches.expectedBodiesReceived("start");

            batches.assertIsSatisfied(20_000);
        }
    }

    @Test
    void isLeftOutWithAnotherApi() {
        try (RouteApplication application = RouteApplication.of("run-at-start").start()) {
            assertThat(application.camel().getRoutes()).isEmpty();
        }
    }

    @Test
    void isLeftOutWhenToldSo() {
        try (RouteApplication application = RouteApplication.of("run-at-start")
                .without("colleagues.api.base-url")
                .with("colleagues.run-at-start", false)
                .start()) {
            assertThat(application.camel().getRoutes()).isEmpty();
        }
    }

    private static RouteApplication application() {
        return RouteApplication.of("run-at-start")
                .with(
                        "run-at-start",
                        route -> route.weaveById("start-first-batch").replace().to("mock:index-all"));
    }
}
