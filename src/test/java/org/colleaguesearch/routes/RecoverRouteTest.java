package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.ledger.DatabaseWait;
import org.junit.jupiter.api.Test;

class RecoverRouteTest {
    @Test
    void continuesWhatIsUnfinishedOnceAfterEachOutage() throws Exception {
        try (RouteApplication application = application().start()) {
            MockEndpoint resumed = application.mock("resume");
            tick(application);
            assertThat(resumed.getReceivedCounter()).isZero();

            application.bean(DatabaseWait.class).recoverAgain();
            tick(application);
            tick(application);

            assertThat(resumed.getReceivedCounter()).isEqualTo(1);
            assertThat(application.mock("index-all").getReceivedCounter()).isZero();
        }
    }

    @Test
    void startsTheBatchOfATimeThatFellIntoTheOutage() throws Exception {
        try (RouteApplication application =
                application().with("colleagues.schedule", "* * * * * ?").start()) {
            MockEndpoint batches = application.mock("index-all");
            await().until(() -> {
                application.bean(DatabaseWait.class).recoverAgain();
                tick(application);
                return batches.getReceivedCounter() > 0;
            });

            assertThat(batches.getReceivedExchanges().getFirst().getMessage().getBody())
                    .isEqualTo("schedule (missed while the database was unavailable)");
        }
    }

    @Test
    void failureIsSaidAndTheTimerGoesOn() throws Exception {
        try (RouteApplication application = application().start()) {
            application.mock("resume").whenExchangeReceived(1, exchange -> {
                throw new IllegalStateException("no ledger");
            });
            application.bean(DatabaseWait.class).recoverAgain();

            assertThat(tick(application).getException()).isNull();
        }
    }

    private static Exchange tick(RouteApplication application) {
        return application.send("tick", List.of());
    }

    private static RouteApplication application() {
        return RouteApplication.of("recover").with("recover", route -> {
            route.replaceFromWith("direct:tick");
            route.weaveById("resume-after-outage").replace().to("mock:resume");
            route.weaveById("start-missed-batch").replace().to("mock:index-all");
        });
    }
}
