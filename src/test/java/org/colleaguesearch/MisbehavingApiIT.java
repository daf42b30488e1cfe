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

/** What a run makes of each thing that an API should not do. */
@Timeout(90)
class MisbehavingApiIT {
    private static final String JSON = "{\"patents\":[{\"title\":\"hunter2 hunter2\"}]}";

    private final List<ObjectNode> people = People.madeUp(100);

    @TempDir
    Path folder;

    @Test
    void answerThatNeverEndsIsAnError() throws IOException {
        assertThat(reasonOf(instead(Replies.drip(1_000_000, Duration.ofMillis(50)))))
                .isEqualTo("timed out: the answer is not complete after 1000 ms");
    }

    @Test
    void headersThatNeverEndAreAnError() throws IOException {
        assertThat(reasonOf(instead(Replies.dripHeaders(Duration.ofMillis(50)))))
                .isEqualTo("timed out: the answer is not complete after 1000 ms");
    }

    @Test
    void answerThatIsTooLargeIsAnError() throws IOException {
        assertThat(reasonOf(instead(Replies.large(30_000))))
                .isEqualTo("the answer is larger than max-response-size, 20480 bytes");
    }

    @Test
    void answerThatIsNotJsonIsAnError() throws IOException {
        assertThat(reasonOf(instead(Replies.json("<html>hunter2</html>")))).isEqualTo("the answer is not JSON");
    }

    @Test
    void jsonOfAnotherShapeIsAnError() throws IOException {
        assertThat(reasonOf(instead(Replies.json("[{\"patents\":\"hunter2\"}]"))))
                .isEqualTo("the section cannot be taken from the answer: check 'section'");
    }

    @Test
    void redirectElsewhereIsAnErrorAndNotFollowed() throws IOException {
        AtomicInteger elsewhere = new AtomicInteger();
        try (ScriptedServer other = new ScriptedServer(request -> {
            elsewhere.incrementAndGet();
            return Replies.json(JSON);
        })) {
            assertThat(reasonOf(instead(Replies.error(307, "Location: " + other.url() + "/people"))))
                    .isEqualTo("HTTP 307 Temporary Redirect, a redirect, which is not followed");
        }

        assertThat(elsewhere).hasValue(0);
    }

    /** What the errors file tells of the one URL that is answered so; all others are delivered. */
    private String reasonOf(Fault fault) throws IOException {
        try (FaultyApi api = new FaultyApi(people)) {
            api.always(FaultyApi.path("p7", "patents"), fault);
            Batch batch = App.once(
                    folder,
                    "--colleagues.api.base-url=" + api.url(),
                    "--colleagues.api.retry.attempts=2",
                    "--colleagues.api.response-timeout=1s",
                    "--colleagues.api.max-response-size=20KB");

            assertThat(batch.exitCode()).isEqualTo(1);
        }
        for (String section : People.SECTIONS) {
            long items = People.items(people, section)
                    - (section.equals("patents") ? people.get(7).get("patents").size() : 0);
            assertThat(App.rows(folder, section)).hasSize((int) items);
            assertThat(App.errors(folder, section)).hasSize(section.equals("patents") ? 1 : 0);
        }
        assertThat(App.errors(folder, "patents").get(0)).containsEntry("person_id", "p7");
        return App.errors(folder, "patents").get(0).get("reason");
    }

    @Test
    void apiThatIsDownForAWhileInMidRunLosesNothing(CapturedOutput output) throws IOException {
        List<Fault> down = List.of(
                instead(Replies.error(503)),
                instead(Replies.reset()),
                instead(Replies.error(500)),
                instead(Replies.cutOff(JSON)));
        Batch batch;
        try (FaultyApi api = new FaultyApi(people)) {
            // Far more calls than would use up the attempts of all the workers.
            api.byNumber(number -> number > 150 && number <= 350 ? down.get(number % down.size()) : null);
            batch = App.once(
                    folder,
                    "--colleagues.api.base-url=" + api.url(),
                    "--colleagues.api.retry.attempts=4",
                    "--colleagues.api.probe-every=5ms");
            String host = api.url().getAuthority();
            assertThat(output.getOut())
                    .contains("the API at " + host + " fails: ", "paused, probing every 0.005 s")
                    .contains("the API at " + host + " answers again, after ");
        }

        for (String section : People.SECTIONS) {
            assertThat(App.errors(folder, section)).isEmpty();
            assertThat(App.rows(folder, section)).hasSize((int) People.items(people, section));
        }
        assertThat(batch.exitCode()).isZero();
    }

    @Test
    void apiThatFailsForGoodInMidRunIsLeftAloneWhenPatienceHasRunOut(CapturedOutput output) throws IOException {
        int called;
        try (FaultyApi api = new FaultyApi(people)) {
            api.byNumber(number -> number > 50 ? instead(Replies.error(503)) : null);
            Batch batch = App.once(
                    folder,
                    "--colleagues.api.base-url=" + api.url(),
                    "--colleagues.api.patience=300ms",
                    "--colleagues.api.probe-every=100ms");
            called = api.calls().size();

            assertThat(batch.exitCode()).isNotZero();
            assertThat(output.getOut())
                    .containsOnlyOnce("the API at " + api.url().getAuthority() + " fails: ")
                    .doesNotContain("answers again");
        }
        assertThat(called).isLessThan(people.size() * People.SECTIONS.size() / 2);
    }

    @Test
    void noMoreCallsAreInFlightThanTheApiMayGet() throws IOException {
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (FaultyApi api = new FaultyApi(people)) {
            api.byNumber(number -> good -> connection -> {
                most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                connection.pause(Duration.ofMillis(2));
                inFlight.decrementAndGet();
                good.send(connection);
            });
            Batch batch =
                    App.once(folder, "--colleagues.api.base-url=" + api.url(), "--colleagues.api.calls-in-flight=3");

            assertThat(batch.exitCode()).isZero();
        }
        assertThat(most.get()).isBetween(2, 3);
    }
}
