package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.opensearch.OpensearchEndpoint;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.opensearch.client.json.jackson.JacksonJsonpMapper;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;
import org.opensearch.client.opensearch.core.bulk.OperationType;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;

class DeliverOpensearchRouteTest {
    private static final LocalServer OPENSEARCH = new LocalServer(request -> LocalServer.Answer.status(200));

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("deliver-opensearch")
            .with("colleagues.deliver-to", "opensearch,csv")
            .with("colleagues.opensearch.url", OPENSEARCH.url())
            .with(
                    "deliver-opensearch",
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
    void sendsPartialUpsertForEachFetchedUrlInOneRequest() throws Exception {
        ChunkOutcomes outcomes = Sample.outcomes(
                Sample.fetched("ada", "[{\"title\":\"A\"}]"),
                Sample.failed("bob", "HTTP 404 Not Found"),
                Sample.fetched("c/é", "[]"));
        openSearch.expectedMessageCount(1);
        answer(taken("ada"), taken("c/é"));

        Exchange delivered = deliver(outcomes);

        openSearch.assertIsSatisfied();
        assertThat(lines())
                .containsExactly(
                        Sample.json("{\"_id\":\"ada\",\"retry_on_conflict\":10}"),
                        Sample.json("""
                                {"doc_as_upsert":true,"doc":
                                 {"id":"ada","name":"ADA","active":true,"sample":[{"title":"A"}]}}"""),
                        Sample.json("{\"_id\":\"c/é\",\"retry_on_conflict\":10}"),
                        Sample.json("""
                                {"doc_as_upsert":true,"doc":{"id":"c/é","name":"C/É","active":true,"sample":[]}}"""));
        assertThat(delivered.getMessage().getBody()).isEqualTo(outcomes);
    }

    @Test
    void sendsNothingWhenNothingWasFetched() throws Exception {
        ChunkOutcomes outcomes = Sample.outcomes(Sample.failed("ada", "HTTP 404 Not Found"));
        openSearch.expectedMessageCount(0);

        Exchange delivered = deliver(outcomes);

        openSearch.assertIsSatisfied();
        assertThat(delivered.getMessage().getBody()).isEqualTo(outcomes);
    }

    @Test
    void refusedItemIsFailureWithOpenSearchsReason() {
        answer(taken("ada"), refused("cy", "mapper_parsing_exception", "failed to parse field [sample]"), taken("dee"));

        ChunkOutcomes delivered = outcomes(deliver(Sample.outcomes(
                Sample.fetched("ada", "[]"),
                Sample.failed("bob", "HTTP 404 Not Found"),
                Sample.fetched("cy", "[{\"title\":1}]"),
                Sample.fetched("dee", "[]"))));

        assertThat(delivered.outcomes())
                .containsExactly(
                        Sample.fetched("ada", "[]"),
                        Sample.failed("bob", "HTTP 404 Not Found"),
                        new Failed(
                                Sample.call("cy"),
                                "OpenSearch refused the document: mapper_parsing_exception: failed to parse field [sample]",
                                200,
                                1),
                        Sample.fetched("dee", "[]"));
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
    void sendsTheSameRequestAgainWhenItFailed() throws Exception {
        ChunkOutcomes outcomes = Sample.outcomes(Sample.fetched("ada", "[]"));
        openSearch.whenExchangeReceived(1, exchange -> {
            exchange.getMessage().setBody("left half done");
            throw new ConnectException("Connection refused");
        });
        openSearch.whenExchangeReceived(2, exchange -> exchange.getMessage().setBody(List.of(taken("ada"))));
        openSearch.expectedMessageCount(2);

        Exchange delivered = deliver(outcomes);

        openSearch.assertIsSatisfied();
        assertThat(openSearch.getExchanges().get(1).getMessage().getBody())
                .isEqualTo(openSearch.getExchanges().get(0).getMessage().getBody());
        assertThat(delivered.getMessage().getBody()).isEqualTo(outcomes);
    }

    @Test
    void allOutcomesAreFailuresWhenTheRequestKeepsFailing() throws Exception {
        openSearch.whenAnyExchangeReceived(exchange -> {
            throw new ConnectException("Connection refused");
        });
        openSearch.expectedMessageCount(4);

        Exchange delivered = deliver(Sample.outcomes(
                Sample.fetched("ada", "[]"), Sample.failed("bob", "HTTP 404 Not Found"), Sample.fetched("cy", "[{}]")));

        openSearch.assertIsSatisfied();
        assertThat(delivered.getException()).isNull();
        assertThat(outcomes(delivered).outcomes())
                .containsExactly(
                        notIndexed("ada", "cannot connect: Connection refused"),
                        Sample.failed("bob", "HTTP 404 Not Found"),
                        notIndexed("cy", "cannot connect: Connection refused"));
    }

    @Test
    void answerWithTooFewItemsLosesNoOutcome() {
        answer(taken("ada"));

        ChunkOutcomes delivered =
                outcomes(deliver(Sample.outcomes(Sample.fetched("ada", "[]"), Sample.fetched("bob", "[]"))));

        String reason = "OpenSearch answered 1 items to a bulk request of 2";
        assertThat(delivered.outcomes())
                .hasSize(2)
                .allSatisfy(outcome -> assertThat(((Failed) outcome).reason())
                        .startsWith("not indexed: ")
                        .contains(reason));
    }

    @Test
    void bulkRequestGoesToTheAliasOfTheSetting() {
        try (RouteApplication other = RouteApplication.of("deliver-opensearch")
                .with("colleagues.deliver-to", "opensearch")
                .with("colleagues.opensearch.url", OPENSEARCH.url())
                .with("colleagues.opensearch.alias", "people-of-ours")
                .start()) {
            assertThat(other.camel().getEndpoints())
                    .filteredOn(OpensearchEndpoint.class::isInstance)
                    .singleElement()
                    .satisfies(endpoint -> assertThat(endpoint.getEndpointUri())
                            .contains("indexName=people-of-ours", "operation=Bulk"));
        }
    }

    @Test
    void isLeftOutWhenNothingGoesToOpenSearch() {
        try (RouteApplication csv = RouteApplication.of("deliver-opensearch").start()) {
            assertThat(csv.camel().getRoutes()).isEmpty();
        }
    }

    private static Exchange deliver(ChunkOutcomes outcomes) {
        return APPLICATION.send("deliver-opensearch", exchange -> {
            exchange.getMessage().setBody(outcomes);
            // In place of the seconds that the route would wait before it sends a request again.
            exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, 1);
        });
    }

    private static ChunkOutcomes outcomes(Exchange delivered) {
        assertThat(delivered.getException()).isNull();
        return delivered.getMessage().getBody(ChunkOutcomes.class);
    }

    private void answer(BulkResponseItem... items) {
        openSearch.whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody(List.of(items)));
    }

    private static Outcome notIndexed(String id, String reason) {
        return new Failed(Sample.call(id), "not indexed: " + reason, 200, 1);
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

    /** The lines that the bulk request would have. */
    private List<JsonNode> lines() throws IOException {
        JacksonJsonpMapper mapper = new JacksonJsonpMapper();
        List<JsonNode> lines = new ArrayList<>();
        for (Object operation :
                openSearch.getExchanges().getFirst().getMessage().getBody(List.class)) {
            Iterator<?> parts = ((UpdateOperation<?>) operation)._serializables();
            while (parts.hasNext()) {
                StringWriter line = new StringWriter();
                try (JsonGenerator json = mapper.jsonProvider().createGenerator(line)) {
                    mapper.serialize(parts.next(), json);
                }
                lines.add(Sample.json(line.toString()));
            }
        }
        return lines;
    }
}
