package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.FaultyApi.instead;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.colleaguesearch.FaultyApi.Fault;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** Runs with an API that misbehaves in each possible way. */
@Timeout(90)
class MisbehavingApiIT {
    private static final String JSON = "{\"patents\":[{\"title\":\"hunter2 hunter2\"}]}";

    private final List<ObjectNode> people = SamplePeople.madeUp(100);

    @TempDir
    Path folder;

    @Test
    void endlessResponseIsAnError() throws IOException {
        assertThat(reasonOf(instead(Replies.drip(1_000_000, Duration.ofMillis(50)))))
                .isEqualTo("timed out: the response is not complete after 1000 ms");
    }

    @Test
    void endlessHeadersAreAnError() throws IOException {
        assertThat(reasonOf(instead(Replies.dripHeaders(Duration.ofMillis(50)))))
                .isEqualTo("timed out: the response is not complete after 1000 ms");
    }

    @Test
    void responseThatIsTooLargeIsAnError() throws IOException {
        assertThat(reasonOf(instead(Replies.large(30_000))))
                .isEqualTo("the response is larger than max-response-size, 20480 bytes");
    }

    @Test
    void responseThatIsNotJsonIsAnError() throws IOException {
        assertThat(reasonOf(instead(Replies.json("<html>hunter2</html>")))).isEqualTo("the response is not JSON");
    }

    @Test
    void unexpectedJsonIsAnError() throws IOException {
        assertThat(reasonOf(instead(Replies.json("[{\"patents\":\"hunter2\"}]"))))
                .isEqualTo("cannot extract the section from the response: check 'section'");
    }

    @Test
    void redirectToAnotherHostIsAnErrorAndNotFollowed() throws IOException {
        AtomicInteger elsewhere = new AtomicInteger();
        try (ScriptedServer other = new ScriptedServer(request -> {
            elsewhere.incrementAndGet();
            return Replies.json(JSON);
        })) {
            assertThat(reasonOf(instead(Replies.error(307, "Location: " + other.url() + "/people"))))
                    .isEqualTo("HTTP 307 Temporary Redirect: redirects are not followed");
        }

        assertThat(elsewhere).hasValue(0);
    }

    /** The reason in the errors file for the one URL with this reply; all others are delivered. */
    private String reasonOf(Fault fault) throws IOException {
        try (FaultyApi api = new FaultyApi(people)) {
            api.always(FaultyApi.path("p7", "patents"), fault);
            Batch batch = App.once(
                    folder,
                    "--colleagues.apis.default.base-url=" + api.url(),
                    "--colleagues.apis.default.retry.attempts=2",
                    "--colleagues.apis.default.response-timeout=1s",
                    "--colleagues.apis.default.max-response-size=20KB");

            assertThat(batch.exitCode()).isEqualTo(1);
        }
        for (String section : SamplePeople.SECTIONS) {
            long items = SamplePeople.items(people, section)
                    - (section.equals("patents") ? people.get(7).get("patents").size() : 0);
            assertThat(App.rows(folder, section)).hasSize((int) items);
            assertThat(App.errors(folder, section)).hasSize(section.equals("patents") ? 1 : 0);
        }
        assertThat(App.errors(folder, "patents").get(0)).containsEntry("person_id", "p7");
        return App.errors(folder, "patents").get(0).get("reason");
    }

    @Test
    void temporaryOutageInMidRunLosesNothing(CapturedOutput output) throws IOException {
        List<Fault> down = List.of(
                instead(Replies.error(503)),
                instead(Replies.reset()),
                instead(Replies.error(500)),
                instead(Replies.cutOff(JSON)));
        Batch batch;
        try (FaultyApi api = new FaultyApi(people)) {
            // Far more failed calls than the attempts of all workers together.
            api.byNumber(number -> number > 150 && number <= 350 ? down.get(number % down.size()) : null);
            batch = App.once(
                    folder,
                    "--colleagues.apis.default.base-url=" + api.url(),
                    "--colleagues.apis.default.retry.attempts=4",
                    "--colleagues.apis.default.probe-every=5ms");
            String host = api.url().getAuthority();
            assertThat(output.getOut())
                    .contains("the API at " + host + " is failing: ", "paused, probing every 0.005 s")
                    .contains("the API at " + host + " is available again after ");
        }

        for (String section : SamplePeople.SECTIONS) {
            assertThat(App.errors(folder, section)).isEmpty();
            assertThat(App.rows(folder, section)).hasSize((int) SamplePeople.items(people, section));
        }
        assertThat(batch.exitCode()).isZero();
    }

    @Test
    void stopsCallingAnApiThatIsDownForLongerThanThePatience(CapturedOutput output) throws IOException {
        int called;
        try (FaultyApi api = new FaultyApi(people)) {
            api.byNumber(number -> number > 50 ? instead(Replies.error(503)) : null);
            Batch batch = App.once(
                    folder,
                    "--colleagues.apis.default.base-url=" + api.url(),
                    "--colleagues.apis.default.patience=300ms",
                    "--colleagues.apis.default.probe-every=100ms");
            called = api.calls().size();

            assertThat(batch.exitCode()).isNotZero();
            assertThat(output.getOut())
                    .containsOnlyOnce("the API at " + api.url().getAuthority() + " is failing: ")
                    .doesNotContain("available again");
        }
        assertThat(called).isLessThan(people.size() * SamplePeople.SECTIONS.size() / 2);
    }

    @Test
    void limitsTheCallsInFlight() throws IOException {
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (FaultyApi api = new FaultyApi(people)) {
            api.byNumber(number -> good -> connection -> {
                most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                connection.pause(Duration.ofMillis(2));
                inFlight.decrementAndGet();
                good.send(connection);
            });
            Batch batch = App.once(
                    folder,
                    "--colleagues.apis.default.base-url=" + api.url(),
                    "--colleagues.apis.default.calls-in-flight=3");

            assertThat(batch.exitCode()).isZero();
        }
        assertThat(most.get()).isBetween(2, 3);
    }
}
