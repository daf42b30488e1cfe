package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.routes.SharedApplication.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class ListRunsRouteTest {
    private static final List<String> BATCHES =
            List.of("20260101T020000000Z", "20260102T020000000Z", "20260103T020000000Z");

    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    @BeforeEach
    void open() {
        for (String batch : BATCHES) {
            API.bean(Ledger.class).open(batch, "schedule", Instant.now(), List.of("sample", "other"), 100, false, null);
        }
    }

    @Test
    void answersWithTheNewestFirst() {
        Answer answer = list(Map.of());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().path("total").asInt()).isEqualTo(6);
        assertThat(answer.json().path("page").asInt()).isEqualTo(1);
        assertThat(answer.json().path("size").asInt()).isEqualTo(50);
        assertThat(ids(answer))
                .containsExactly(
                        "20260103T020000000Z-other",
                        "20260103T020000000Z-sample",
                        "20260102T020000000Z-other",
                        "20260102T020000000Z-sample",
                        "20260101T020000000Z-other",
                        "20260101T020000000Z-sample");
        assertThat(answer.json().at("/runs/0/started_by").asText()).isEqualTo("schedule");
    }

    @Test
    void answersAPageAtATime() {
        Answer second = list(Map.of("page", "2", "size", "4"));

        assertThat(second.json().path("total").asInt()).isEqualTo(6);
        assertThat(second.json().path("page").asInt()).isEqualTo(2);
        assertThat(ids(second)).containsExactly("20260101T020000000Z-other", "20260101T020000000Z-sample");
        assertThat(ids(list(Map.of("page", "1000000", "size", "500")))).isEmpty();
    }

    @Test
    void answersWithThoseThatAreAskedFor() {
        API.bean(Ledger.class).endRun(BATCHES.get(2), "sample", State.COMPLETED, null, Instant.now());

        assertThat(ids(list(Map.of("indexer", "sample", "size", "1")))).containsExactly("20260103T020000000Z-sample");
        assertThat(ids(list(Map.of("batch_id", BATCHES.get(0)))))
                .containsExactly("20260101T020000000Z-other", "20260101T020000000Z-sample");
        assertThat(ids(list(Map.of("state", "completed")))).containsExactly("20260103T020000000Z-sample");
        assertThat(ids(list(Map.of("state", "not started")))).containsExactly("20260103T020000000Z-other");
        assertThat(ids(list(Map.of("state", "abandoned", "indexer", "other", "batch_id", BATCHES.get(1)))))
                .containsExactly("20260102T020000000Z-other");
        assertThat(list(Map.of("indexer", "sample' or '1'='1"))
                        .json()
                        .path("total")
                        .asInt())
                .isZero();
    }

    private static Answer list(Map<String, Object> parameters) {
        return API.call("list-runs", null, parameters);
    }

    private static List<String> ids(Answer answer) {
        return StreamSupport.stream(answer.json().path("runs").spliterator(), false)
                .map(run -> run.path("id"))
                .map(JsonNode::asText)
                .toList();
    }
}
