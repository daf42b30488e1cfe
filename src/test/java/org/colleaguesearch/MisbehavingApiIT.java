package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.colleaguesearch.FaultyApi.instead;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.colleaguesearch.FaultyApi.Fault;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** Runs with an API that misbehaves in each possible way. */
@Timeout(600)
class MisbehavingApiIT {
    private static final String JSON = "{\"patents\":[{\"title\":\"hunter2 hunter2\"}]}";

    private final List<ObjectNode> people = SamplePeople.madeUp(100);

    @TempDir
    Path folder;

    @Test
    void eachKindOfMisbehaviourIsTheErrorOfItsUrlAlone() throws IOException {
        AtomicInteger elsewhere = new AtomicInteger();
        try (ScriptedServer other = new ScriptedServer(request -> {
                    elsewhere.incrementAndGet();
                    return Replies.json(JSON);
                });
                FaultyApi api = new FaultyApi(people)) {
            always(api, "p3", Replies.drip(1_000_000, Duration.ofMillis(50)));
            always(api, "p17", Replies.dripHeaders(Duration.ofMillis(50)));
            always(api, "p29", Replies.large(30_000));
            always(api, "p41", Replies.json("<html>hunter2</html>"));
            always(api, "p53", Replies.json("[{\"patents\":\"hunter2\"}]"));
            always(api, "p67", Replies.error(307, "Location: " + other.url() + "/people"));
            Batch batch = App.once(
                    folder,
                    "--colleagues.apis.default.base-url=" + api.url(),
                    "--colleagues.apis.default.retry.attempts=2",
                    "--colleagues.apis.default.response-timeout=1s",
                    "--colleagues.apis.default.max-response-size=20KB");

            assertThat(batch.exitCode()).isEqualTo(1);
        }
        assertThat(App.errors(folder, "patents"))
                .extracting(error -> error.get("person_id"), error -> error.get("reason"))
                .containsExactlyInAnyOrder(
                        tuple("p3", "timed out: the response is not complete after 1000 ms"),
                        tuple("p17", "timed out: the response is not complete after 1000 ms"),
                        tuple("p29", "the response is larger than max-response-size, 20480 bytes"),
                        tuple("p41", "the response is not JSON"),
                        tuple("p53", "cannot extract the section from the response: check 'section'"),
                        tuple("p67", "HTTP 307 Temporary Redirect: redirects are not followed"));
        assertThat(elsewhere).hasValue(0);
        List<String> failed = List.of("p3", "p17", "p29", "p41", "p53", "p67");
        for (String section : SamplePeople.SECTIONS) {
            List<ObjectNode> delivered = people.stream()
                    .filter(person -> !section.equals("patents")
                            || !failed.contains(person.get("id").textValue()))
                    .toList();
            assertThat(App.rows(folder, section)).hasSize((int) SamplePeople.items(delivered, section));
            assertThat(App.errors(folder, section)).hasSize(section.equals("patents") ? failed.size() : 0);
        }
    }

    private static void always(FaultyApi api, String person, Reply reply) {
        api.always(FaultyApi.path(person, "patents"), instead(reply));
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
