package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.mock.MockEndpoint;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.opensearch.client.opensearch._types.ErrorResponse;
import org.opensearch.client.opensearch._types.OpenSearchException;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;
import org.opensearch.client.opensearch.core.bulk.OperationType;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.event.ContextClosedEvent;

class DeliverOpensearchRouteTest {
    private static final LocalServer OPENSEARCH = new LocalServer(request -> LocalServer.Answer.status(200));

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("deliver-opensearch", "send-bulk")
            .with("colleagues.deliver-to", "opensearch,csv")
            .with("colleagues.opensearch.url", OPENSEARCH.url())
            .with("colleagues.opensearch.patience", "3s")
            .with(
                    "send-bulk",
                    route -> route.weaveById("index-documents").replace().to("mock:opensearch"));

    private MockEndpoint openSearch;

    @BeforeEach
    void mock() {
        openSearch = APPLICATION.mock("opensearch");
    }

    @AfterAll
    static void stop() {
        OPENSEARCH.close();
    }

    @Test
    void allItemsRefusedAreAllFailures() {
        answer(refused("ada", "x", "full"), refused("bob", "x", "full"));

        ChunkOutcomes delivered =
                outcomes(deliver(Sample.outcomes(Sample.fetched("ada", "[]"), Sample.fetched("bob", "[]"))));

        assertThat(delivered.hasFetched()).isFalse();
        assertThat(delivered.failed()).hasSize(2);
    }

    @Test
    void downForAWhileIsSentTheSameRequestAgain() throws Exception {
        ChunkOutcomes outcomes = Sample.outcomes(Sample.fetched("ada", "[]"));
        openSearch.whenExchangeReceived(1, exchange -> {
            exchange.getMessage().setBody("left half done");
            throw new ConnectException("Connection refused");
        });
        openSearch.whenExchangeReceived(2, fails(new SocketTimeoutException("60 s")));
        openSearch.whenExchangeReceived(3, answers(taken("ada")));
        openSearch.expectedMessageCount(3);

        Exchange delivered = deliver(outcomes);

        openSearch.assertIsSatisfied();
        assertThat(sent()).containsExactly(List.of("ada"), List.of("ada"), List.of("ada"));
        assertThat(outcomes(delivered)).isEqualTo(outcomes);
    }

    @Test
    void tooManyRequestsOnTheWholeRequestSendsItAgain() throws Exception {
        ChunkOutcomes outcomes = Sample.outcomes(Sample.fetched("ada", "[]"), Sample.fetched("bob", "[]"));
        openSearch.whenExchangeReceived(1, fails(status(429, "rejected_execution_exception", "rejected")));
        openSearch.whenExchangeReceived(2, answers(taken("ada"), taken("bob")));

        assertThat(outcomes(deliver(outcomes))).isEqualTo(outcomes);
        assertThat(sent()).containsExactly(List.of("ada", "bob"), List.of("ada", "bob"));
    }

    @Test
    void tooManyRequestsOnSingleItemsSendsThoseAloneAgain() {
        ChunkOutcomes outcomes = Sample.outcomes(
                Sample.fetched("ada", "[]"),
                Sample.fetched("bob", "[]"),
                Sample.failed("cy", "HTTP 404 Not Found"),
                Sample.fetched("dee", "[]"));
        openSearch.whenExchangeReceived(
                1, answers(busy("ada"), taken("bob"), refused("dee", "mapper_parsing_exception", "no date")));
        openSearch.whenExchangeReceived(2, answers(busy("ada")));
        openSearch.whenExchangeReceived(3, answers(taken("ada")));

        ChunkOutcomes delivered = outcomes(deliver(outcomes));

        assertThat(sent()).containsExactly(List.of("ada", "bob", "dee"), List.of("ada"), List.of("ada"));
        assertThat(delivered.outcomes())
                .startsWith(outcomes.outcomes().subList(0, 3).toArray(Outcome[]::new))
                .last()
                .isEqualTo(new Failed(
                        Sample.call("dee"),
                        "OpenSearch refused the document: mapper_parsing_exception: no date",
                        200,
                        1));
    }

    @Test
    void readOnlyIndexIsWaitedForUntilItCanBeWrittenTo() {
        ChunkOutcomes outcomes = Sample.outcomes(Sample.fetched("ada", "[]"));
        openSearch.whenExchangeReceived(1, answers(blocked("ada", 429)));
        openSearch.whenExchangeReceived(2, answers(blocked("ada", 403)));
        openSearch.whenExchangeReceived(3, answers(taken("ada")));

        assertThat(outcomes(deliver(outcomes))).isEqualTo(outcomes);
    }

    @Test
    void clusterWithoutManagerIsWaitedForUntilItHasOne() {
        ChunkOutcomes outcomes = Sample.outcomes(Sample.fetched("ada", "[]"));
        openSearch.whenExchangeReceived(1, fails(status(503, "cluster_manager_not_discovered_exception", "null")));
        openSearch.whenExchangeReceived(2, answers(taken("ada")));

        assertThat(outcomes(deliver(outcomes))).isEqualTo(outcomes);
    }

    @Test
    void wrongCredentialsPauseAtOnceAndMakeNoErrors() throws Exception {
        openSearch.whenAnyExchangeReceived(fails(status(401, null, null)));
        openSearch.expectedMessageCount(1);

        Exchange delivered = deliver(Sample.outcomes(Sample.fetched("ada", "[]")));

        openSearch.assertIsSatisfied();
        assertThat(delivered.getException())
                .isInstanceOf(PausedException.class)
                .hasMessageStartingWith("OpenSearch refuses writes to the index colleagues: HTTP 401; check");
    }

    @Test
    void itemsWithoutAnIndexPauseAtOnceAndMakeNoErrors() throws Exception {
        openSearch.whenAnyExchangeReceived(answers(
                taken("ada"),
                item("bob")
                        .status(404)
                        .error(error -> error.type("index_not_found_exception").reason("no such index"))
                        .build()));
        openSearch.expectedMessageCount(1);

        Exchange delivered = deliver(Sample.outcomes(Sample.fetched("ada", "[]"), Sample.fetched("bob", "[]")));

        openSearch.assertIsSatisfied();
        assertThat(delivered.getException())
                .isInstanceOf(PausedException.class)
                .hasMessageContaining("index_not_found_exception: no such index");
    }

    @Test
    void requestThatIsTooLargeIsSentInHalvesAndOneDocumentThatIsBecomesAnError() {
        openSearch.whenAnyExchangeReceived(exchange -> {
            List<String> ids = ids(exchange);
            if (ids.contains("huge") || ids.size() > 2) {
                throw new CamelExchangeException("bulk", exchange, status(413, null, null));
            }
            exchange.getMessage()
                    .setBody(ids.stream().map(DeliverOpensearchRouteTest::taken).toList());
        });

        ChunkOutcomes delivered = outcomes(deliver(Sample.outcomes(
                Sample.fetched("ada", "[]"),
                Sample.fetched("huge", "[]"),
                Sample.fetched("cy", "[]"),
                Sample.fetched("dee", "[]"))));

        assertThat(delivered.outcomes())
                .containsExactly(
                        Sample.fetched("ada", "[]"),
                        new Failed(Sample.call("huge"), "OpenSearch refused the document: HTTP 413", 200, 1),
                        Sample.fetched("cy", "[]"),
                        Sample.fetched("dee", "[]"));
    }

    @Test
    void answerWithTooFewItemsIsNoAcknowledgement() {
        ChunkOutcomes outcomes = Sample.outcomes(Sample.fetched("ada", "[]"), Sample.fetched("bob", "[]"));
        openSearch.whenExchangeReceived(1, answers(taken("ada")));
        openSearch.whenExchangeReceived(2, answers(taken("ada"), taken("bob")));

        assertThat(outcomes(deliver(outcomes))).isEqualTo(outcomes);
        assertThat(sent()).containsExactly(List.of("ada", "bob"), List.of("ada", "bob"));
    }

    @Test
    void saysOnceThatOpenSearchRefusesAndOnceThatItTakesAgain(CapturedOutput log) {
        openSearch.whenAnyExchangeReceived(fails(status(503, null, null)));
        openSearch.whenExchangeReceived(3, answers(taken("ada")));

        deliver(Sample.outcomes(Sample.fetched("ada", "[]")));

        assertThat(log).containsOnlyOnce("OpenSearch is not accepting documents (HTTP 503); retrying");
        assertThat(log).containsOnlyOnce("OpenSearch is accepting documents again after ");
    }

    @Test
    void waitEndsAtOnceWhenTheApplicationStops() throws Exception {
        try (RouteApplication other = RouteApplication.of("deliver-opensearch", "send-bulk")
                .with("colleagues.deliver-to", "opensearch")
                .with("colleagues.opensearch.url", OPENSEARCH.url())
                .with("colleagues.opensearch.patience", "10m")
                .with(
                        "send-bulk",
                        route -> route.weaveById("index-documents").replace().to("mock:opensearch"))
                .start()) {
            other.mock("opensearch").whenAnyExchangeReceived(fails(status(503, null, null)));
            CompletableFuture<Exchange> delivering = CompletableFuture.supplyAsync(
                    () -> other.send("deliver-opensearch", Sample.outcomes(Sample.fetched("ada", "[]"))));
            await().until(() -> other.mock("opensearch").getReceivedCounter() >= 5);

            other.spring().publishEvent(new ContextClosedEvent(other.spring()));

            assertThat(delivering)
                    .succeedsWithin(Duration.ofSeconds(20))
                    .extracting(Exchange::getException)
                    .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                    .isInstanceOf(PausedException.class)
                    .hasMessage("the application is stopping while OpenSearch is not accepting documents: HTTP 503");
        }
    }

    @Test
    void isLeftOutWhenNothingGoesToOpenSearch() {
        try (RouteApplication csv =
                RouteApplication.of("deliver-opensearch", "send-bulk").start()) {
            assertThat(csv.camel().getRoutes()).isEmpty();
        }
    }

    private static Exchange deliver(ChunkOutcomes outcomes) {
        return APPLICATION.send("deliver-opensearch", outcomes);
    }

    private static ChunkOutcomes outcomes(Exchange delivered) {
        assertThat(delivered.getException()).isNull();
        return delivered.getMessage().getBody(ChunkOutcomes.class);
    }

    private void answer(BulkResponseItem... items) {
        openSearch.whenAnyExchangeReceived(answers(items));
    }

    private static Processor answers(BulkResponseItem... items) {
        return exchange -> exchange.getMessage().setBody(List.of(items));
    }

    /** As Camel's OpenSearch component fails. */
    private static Processor fails(Exception failure) {
        return exchange -> {
            throw new CamelExchangeException("bulk", exchange, failure);
        };
    }

    private static OpenSearchException status(int status, String type, String reason) {
        return new OpenSearchException(ErrorResponse.of(answer -> answer.status(status)
                .error(error -> error.type(type == null ? "" : type).reason(reason))));
    }

    private static BulkResponseItem busy(String id) {
        return item(id).status(429)
                .error(error -> error.type("rejected_execution_exception").reason("queue full"))
                .build();
    }

    private static BulkResponseItem blocked(String id, int status) {
        return item(id).status(status)
                .error(error ->
                        error.type("cluster_block_exception").reason("disk usage exceeded flood-stage watermark"))
                .build();
    }

    /** The ids of each request. */
    private List<List<String>> sent() {
        return openSearch.getExchanges().stream()
                .map(DeliverOpensearchRouteTest::ids)
                .toList();
    }

    private static List<String> ids(Exchange request) {
        List<String> ids = new ArrayList<>();
        for (Object operation : request.getMessage().getBody(List.class)) {
            ids.add(((UpdateOperation<?>) operation).id());
        }
        return ids;
    }

    private static BulkResponseItem taken(String id) {
        return item(id).status(200).build();
    }

    private static BulkResponseItem refused(String id, String type, String reason) {
        return item(id).status(400)
                .error(error -> error.type(type).reason(reason))
                .build();
    }

    private static BulkResponseItem.Builder item(String id) {
        return new BulkResponseItem.Builder()
                .operationType(OperationType.Update)
                .index("colleagues-v1")
                .id(id);
    }
}
