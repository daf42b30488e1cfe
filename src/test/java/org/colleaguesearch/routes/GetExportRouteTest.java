package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.routes.Exporting.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.colleaguesearch.routes.Exporting.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(90)
class GetExportRouteTest {
    private static final Exporting CALLS = new Exporting();

    @RegisterExtension
    static final RouteApplication APPLICATION =
            CALLS.application().with("camel.threadpool.config.export-jobs.pool-size", 1);

    @AfterEach
    void reset() {
        CALLS.reset(APPLICATION);
    }

    @Test
    void showsJobThatIsDone() {
        Exporting.create(APPLICATION, "key", request("job", 1, "gone", 3));

        Answer answer = get("key", "job");

        assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
        JsonNode job = answer.json();
        assertThat(job.properties())
                .extracting(field -> field.getKey())
                .containsExactly("job_id", "state", "urls", "done", "rows", "errors", "accepted", "ended");
        assertThat(job.get("state").textValue()).isEqualTo("completed");
        assertThat(job.get("urls").intValue()).isEqualTo(3);
        assertThat(job.get("done").intValue()).isEqualTo(3);
        assertThat(job.get("rows").intValue()).isEqualTo(2);
        assertThat(job.get("errors").intValue()).isEqualTo(1);
        assertThat(Instant.parse(job.get("ended").textValue()))
                .isAfterOrEqualTo(Instant.parse(job.get("accepted").textValue()));
    }

    @Test
    void showsHowFarJobIsAndWhichWaitForTheirTurn() {
        Door door = CALLS.hold();
        Exporting.createAsync(APPLICATION, "key", request("first", 1));
        door.awaitHeld(1);
        Exporting.createAsync(APPLICATION, "key", request("second", 2));

        assertThat(get("key", "first").json().get("state").textValue()).isEqualTo("running");
        assertThat(get("key", "first").json().get("done").intValue()).isZero();
        assertThat(get("key", "first").json().has("ended")).isFalse();
        assertThat(get("key", "second").json().get("state").textValue()).isEqualTo("accepted");

        door.open();
        Exporting.awaitState(APPLICATION, "key", "second", "completed");
    }

    @Test
    void findsAJobWhoseIdCamelWouldTakeForNothing() {
        Exporting.create(APPLICATION, "key", request("null", 1));

        assertThat(get("key", "null").json().get("job_id").textValue()).isEqualTo("null");
    }

    @Test
    void knowsNoOtherJobs() {
        Exporting.create(APPLICATION, "key", request("job", 1));

        for (Answer answer : new Answer[] {get("key", "other"), get("another-key", "job"), get("key", "' or 1=1 --")}) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.problem()).startsWith("job_id: unknown export '");
        }
    }

    private static Answer get(String caller, String jobId) {
        return Exporting.ask(APPLICATION, "get-export", caller, jobId);
    }
}
