package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.colleaguesearch.routes.SharedApplication.Answer;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class ListIndexersRouteTest {
    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    @Test
    void answersWithAllByName() {
        Answer answer = API.call("list-indexers", null, Map.of());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().path("indexers")).hasSize(2);
        JsonNode other = answer.json().at("/indexers/0");
        assertThat(other.path("name").asText()).isEqualTo("other");
        assertThat(other.path("columns")).isEqualTo(Sample.json("[\"title\",\"year\"]"));
        assertThat(other.path("pool").asText()).isEqualTo("fetch");
        assertThat(other.path("schedule").asText()).isEqualTo("0 0 2 * * ?");
        assertThat(other.path("time_zone").asText()).isNotEmpty();
        assertThat(Instant.parse(other.path("next_run").asText()))
                .isBetween(Instant.now(), Instant.now().plus(Duration.ofHours(25)));
        assertThat(other.has("last_run")).isFalse();
        assertThat(answer.json().at("/indexers/1/name").asText()).isEqualTo("sample");
    }

    @Test
    void showsTheLastRunOfEach() {
        Ended.closed(API.application(), Sample.fetched("ada", "[]"));
        Batch last = Ended.closed(API.application(), Sample.failed("ada", "gone"));

        JsonNode indexers = API.call("list-indexers", null, Map.of()).json().path("indexers");

        assertThat(indexers.at("/1/last_run/id").asText()).isEqualTo(last.id() + "-sample");
        assertThat(indexers.at("/1/last_run/errors").asInt()).isEqualTo(1);
        assertThat(indexers.at("/0/last_run/id").asText()).isEqualTo(last.id() + "-other");
    }
}
