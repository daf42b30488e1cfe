package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.colleaguesearch.routes.SharedApplication.Answer;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class GetRunRouteTest {
    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    @Test
    void answersWithAllThatIsKnownOfACompletedRun() {
        Batch batch = Ended.closed(API.application(), Sample.fetched("ada", "[{},{}]"), Sample.failed("bob", "gone"));

        Answer answer = API.call("get-run", batch.id() + "-sample");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        String times = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";
        assertThat(answer.json().path("began").asText()).matches(times);
        assertThat(answer.json().path("ended").asText()).matches(times);
        assertThat(answer.text().replaceAll(times, "TIME")).isEqualTo("""
                        {"id":"%1$s-sample","batch_id":"%1$s","indexer":"sample","state":"completed",\
                        "started_by":"test","people":2,"urls":2,"documents":0,"rows":2,"errors":1,"unchanged":0,"held":0,\
                        "began":"TIME","ended":"TIME"}""".formatted(batch.id()));
    }

    @Test
    void leavesOutWhatIsNotKnownYet() {
        Batch batch = API.bean(Batches.class).open("test");

        Answer answer = API.call("get-run", batch.id() + "-sample");

        API.close(batch);
        assertThat(answer.text()).isEqualTo("""
                {"id":"%1$s-sample","batch_id":"%1$s","indexer":"sample","state":"not started",\
                "started_by":"test","urls":0,"documents":0,"rows":0,"errors":0,"unchanged":0,"held":0}""".formatted(batch.id()));
    }

    @Test
    void saysWhyItIsPaused() {
        Batch batch = Sample.batch(API.application(), "ada");
        Runs runs = API.bean(Runs.class);
        runs.fail(runs.start(batch, "sample"), new IOException("disk full"));

        Answer answer = API.call("get-run", batch.id() + "-sample");

        API.close(batch);
        assertThat(answer.json().path("state").asText()).isEqualTo("paused");
        assertThat(answer.json().path("error").asText()).isEqualTo("IOException: disk full");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "20260101T020000000Z-sample",
                "20260101T020000000Z",
                "20260101T020000000Z-",
                "sample",
                "",
                "x' or '1'='1",
                "${body}",
            })
    void knowsNoOther(String runId) {
        Answer answer = API.call("get-run", runId);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo("run_id");
    }
}
