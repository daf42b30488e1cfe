package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.camel.CamelExchangeException;
import org.apache.hc.core5.http.HttpHost;
import org.colleaguesearch.Replies;
import org.colleaguesearch.ScriptedServer;
import org.colleaguesearch.delivery.Refusal.Blame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opensearch.client.Request;
import org.opensearch.client.RestClient;
import org.opensearch.client.opensearch._types.ErrorResponse;
import org.opensearch.client.opensearch._types.OpenSearchException;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;
import org.opensearch.client.opensearch.core.bulk.OperationType;

class RefusalTest {
    @ParameterizedTest
    @CsvSource({
        "429, rejected_execution_exception",
        "429, es_rejected_execution_exception",
        "429, circuit_breaking_exception",
        "429, cluster_block_exception",
        "403, cluster_block_exception",
        "409, version_conflict_engine_exception",
        "503, unavailable_shards_exception",
        "503, cluster_manager_not_discovered_exception",
        "503, process_cluster_event_timeout_exception",
        "500, anything"
    })
    void refusedItemMayBeAcceptedLater(int status, String type) {
        assertThat(blame(status, type)).isEqualTo(Blame.TIME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mapper_parsing_exception", "strict_dynamic_mapping_exception", "illegal_argument_exception"})
    void documentIsToBlame(String type) {
        assertThat(blame(400, type)).isEqualTo(Blame.DOCUMENT);
    }

    @ParameterizedTest
    @CsvSource({
        "401, security_exception",
        "403, security_exception",
        "404, index_not_found_exception",
        "400, index_closed_exception"
    })
    void clusterConfigurationIsToBlame(int status, String type) {
        assertThat(blame(status, type)).isEqualTo(Blame.CLUSTER);
    }

    /** As OpenSearch answers to an update by script: what forbids it is only the cause. */
    @Test
    void clusterThatForbidsScriptsIsToBlame() {
        Optional<Refusal> refused = Refusal.of(BulkResponseItem.of(item -> item.operationType(OperationType.Update)
                .index("x")
                .status(400)
                .error(error -> error.type("illegal_argument_exception")
                        .reason("failed to execute script")
                        .causedBy(cause ->
                                cause.type("illegal_argument_exception").reason("cannot execute [inline] scripts")))));

        assertThat(refused).hasValueSatisfying(refusal -> {
            assertThat(refusal.blame()).isEqualTo(Blame.CLUSTER);
            assertThat(refusal.remedy()).contains("script.allowed_types");
        });
    }

    @Test
    void acceptedItemIsNoRefusal() {
        assertThat(Refusal.of(BulkResponseItem.of(item ->
                        item.operationType(OperationType.Update).index("x").status(201))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "index [c-v2] blocked by: [FORBIDDEN/8/index write (api)];|index.blocks.write to null",
                "index [c-v2] blocked by: [FORBIDDEN/5/index read-only (api)];|index.blocks.read_only to null",
                "index [c-v2] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark];|free disk space",
                "index [c-v2] blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];|free disk space",
                "blocked by: [FORBIDDEN/6/cluster read-only (api)];|cluster.blocks.read_only to null",
                "blocked by: [FORBIDDEN/8/index write (api)];[TOO_MANY_REQUESTS/12/disk];|(PUT /<index>/_settings); free disk space",
                "blocked by: [SERVICE_UNAVAILABLE/2/no cluster manager];|check that it is running, its disk space",
                "nothing about /8/ blocks|check that it is running, its disk space"
            })
    void remedyMatchesTheKindOfBlock(String reason, String remedy) {
        assertThat(Refusal.of(403, "cluster_block_exception", reason).remedy()).contains(remedy);
    }

    @Test
    void reasonIsOneShortLine() {
        assertThat(Refusal.of(item(400, "illegal_argument_exception", "one\r\ntwo\n" + "x".repeat(100_000))))
                .hasValueSatisfying(
                        refusal -> assertThat(refusal.reason()).isEqualTo("illegal_argument_exception: one"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, DOCUMENT",
        "413, DOCUMENT",
        "401, CLUSTER",
        "403, CLUSTER",
        "404, CLUSTER",
        "405, CLUSTER",
        "408, TIME",
        "429, TIME",
        "500, TIME",
        "502, TIME",
        "503, TIME",
        "504, TIME"
    })
    void responseOfAProxyIsJudgedByItsStatus(int status, Blame blame) throws IOException {
        Refusal refusal = Refusal.of(answer(status, "<html>hunter2</html>"));

        assertThat(refusal).isEqualTo(new Refusal(blame, "HTTP " + status));
    }

    @Test
    void blockedRequestMayBeAcceptedLaterDespiteStatus403() throws IOException {
        assertThat(Refusal.of(answer(
                        403, "{\"error\":{\"type\":\"cluster_block_exception\",\"reason\":\"disk usage exceeded\"}}")))
                .isEqualTo(new Refusal(Blame.TIME, "HTTP 403, cluster_block_exception: disk usage exceeded"));
    }

    @Test
    void findsTheResponseBehindOtherFailures() {
        OpenSearchException answer = new OpenSearchException(ErrorResponse.of(
                response -> response.status(404).error(error -> error.type("index_not_found_exception"))));

        assertThat(Refusal.of(new CamelExchangeException("bulk", null, new CompletionException(answer))))
                .isEqualTo(new Refusal(Blame.CLUSTER, "HTTP 404, index_not_found_exception"));
    }

    @Test
    void failureWithoutAResponseIsTransient() {
        assertThat(Refusal.of(new CamelExchangeException(
                        "bulk", null, new CompletionException(new ConnectException("Connection refused")))))
                .isEqualTo(new Refusal(Blame.TIME, "cannot connect: Connection refused"));
        assertThat(Refusal.of(new IllegalStateException("1 item")).blame()).isEqualTo(Blame.TIME);
    }

    private static Blame blame(int status, String type) {
        return Refusal.of(item(status, type, "why")).orElseThrow().blame();
    }

    private static BulkResponseItem item(int status, String type, String reason) {
        return BulkResponseItem.of(item -> item.operationType(OperationType.Update)
                .index("x")
                .status(status)
                .error(error -> error.type(type).reason(reason)));
    }

    /** The exception that the client throws for such a response. */
    private static Exception answer(int status, String body) throws IOException {
        try (ScriptedServer server = new ScriptedServer(request -> Replies.status(status, body));
                RestClient client =
                        RestClient.builder(HttpHost.create(server.url())).build()) {
            try {
                client.performRequest(new Request("POST", "/_bulk"));
            } catch (IOException e) {
                return e;
            }
        }
        throw new AssertionError("no failure");
    }
}
