package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;

class SendBulkRouteTest {
    private static final AtomicInteger STATUS = new AtomicInteger();

    private static final LocalServer OPENSEARCH =
            new LocalServer(request -> !request.target().contains("_bulk")
                    ? LocalServer.Answer.status(200)
                    : new LocalServer.Answer(STATUS.get(), Map.of("Content-Type", "application/json"), """
                    {"took":1,"errors":false,"items":[{"update":{"_index":"people-of-ours-v1","_id":"ada","status":200}}]}
                    """));

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("send-bulk")
            .with("colleagues.deliver-to", "opensearch")
            .with("colleagues.opensearch.url", OPENSEARCH.url())
            .with("colleagues.opensearch.alias", "people-of-ours");

    @BeforeEach
    void answer() {
        STATUS.set(200);
        OPENSEARCH.requests().clear();
    }

    @AfterAll
    static void stop() {
        OPENSEARCH.close();
    }

    @Test
    void sendsUpdatesToTheAliasAndReturnsTheItems() {
        Exchange sent = send();

        assertThat(sent.getException()).isNull();
        assertThat(OPENSEARCH.requests()).singleElement().satisfies(request -> {
            assertThat(request.target()).startsWith("/people-of-ours/_bulk");
            assertThat(request.body().lines())
                    .containsExactly("{\"update\":{\"_id\":\"ada\"}}", "{\"doc\":{\"id\":\"ada\"}}");
        });
        assertThat((List<?>) sent.getMessage().getBody())
                .singleElement()
                .satisfies(item -> assertThat(((BulkResponseItem) item).id()).isEqualTo("ada"));
    }

    @Test
    void failsWhenTheWholeRequestIsRefused() {
        STATUS.set(429);

        assertThat(send().getException()).isNotNull();
        assertThat(OPENSEARCH.requests()).hasSize(1);
    }

    @Test
    void isLeftOutWhenNothingGoesToOpenSearch() {
        try (RouteApplication csv = RouteApplication.of("send-bulk").start()) {
            assertThat(csv.camel().getRoutes()).isEmpty();
        }
    }

    private static Exchange send() {
        return APPLICATION.send(
                "send-bulk",
                List.of(new UpdateOperation.Builder<Map<String, Object>>()
                        .id("ada")
                        .document(Map.of("id", "ada"))
                        .build()));
    }
}
