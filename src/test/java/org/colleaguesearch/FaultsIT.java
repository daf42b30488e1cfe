package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.FaultyApi.instead;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.colleaguesearch.FaultyApi.Fault;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** Runs with an API that fails in every possible way. */
@Timeout(600)
class FaultsIT {
    private static final List<String> ODD_IDS =
            List.of("a/b?c#d%2F..", "../x", "Zoë 東京 😀", "a b+c&d=e;f", "{{x}}${y}{id}", "\"quoted\", comma", "'=1+1");

    private static final String LONG_JSON = "{\"patents\":[{\"title\":\"hunter2 hunter2 hunter2\"}]}";

    /** The faults and how the errors file reports them. */
    private static final Map<String, Lasting> LASTING = Map.of(
            "p10", new Lasting(instead(Replies.error(404)), "HTTP 404 Not Found", "404", 1),
            "p11", new Lasting(instead(Replies.error(401)), "HTTP 401 Unauthorized", "401", 1),
            "p12",
                    new Lasting(
                            instead(Replies.error(302, "Location: /people")), "HTTP 302 Moved Temporarily", "302", 1),
            "p13", new Lasting(instead(Replies.error(500)), "HTTP 500 Internal Server Error", "500", 3),
            "p14", new Lasting(instead(Replies.reset()), "SocketException: Connection reset", "", 3),
            "p15", new Lasting(instead(Replies.hang()), "timed out: ", "", 3),
            "p16", new Lasting(instead(Replies.half(LONG_JSON)), "the response is truncated", "", 3),
            "p17", new Lasting(instead(Replies.large(30_000)), "the response is larger than max-response-size", "", 1),
            "p18",
                    new Lasting(
                            instead(Replies.error(429, "Retry-After: 3600")),
                            "HTTP 429 Too Many Requests, retry after 3600 s",
                            "429",
                            1),
            "p19", new Lasting(instead(Replies.json("{\"patents\":\"hunter2\"}")), "the section is not", "200", 1));

    private record Lasting(Fault fault, String reason, String status, int attempts) {}

    @TempDir
    Path folder;

    @Test
    void reportsEachFailedUrlOnce() throws IOException {
        Index index = new Index("it-faults");
        List<ObjectNode> people = peopleWithOddIds();
        Batch batch;
        try (FaultyApi api = new FaultyApi(people)) {
            LASTING.forEach((id, lasting) -> api.always(FaultyApi.path(id, "patents"), lasting.fault()));
            api.always(FaultyApi.path("../x", "functions"), instead(Replies.cutOff(LONG_JSON)));
            batch = App.once(
                    folder,
                    index.arguments(
                            "--colleagues.apis.default.base-url=" + api.url(),
                            "--colleagues.apis.default.retry.attempts=3",
                            "--colleagues.apis.default.response-timeout=1s",
                            "--colleagues.apis.default.max-response-size=20KB",
                            "--colleagues.indexing.batch-size=10"));

            LASTING.forEach((id, lasting) ->
                    assertThat(api.calls(FaultyApi.path(id, "patents"))).as(id).isEqualTo(lasting.attempts()));
        }

        assertThat(batch.exitCode()).isEqualTo(1);
        assertThat(App.errors(folder, "patents"))
                .extracting(error -> error.get("person_id"))
                .containsExactlyElementsOf(LASTING.keySet().stream().sorted().toList());
        for (Map<String, String> error : App.errors(folder, "patents")) {
            String id = error.get("person_id");
            Lasting lasting = LASTING.get(id);
            assertThat(error.get("reason")).as(id).startsWith(lasting.reason()).doesNotContain("hunter2");
            assertThat(error.get("status")).as(id).isEqualTo(lasting.status());
            assertThat(error.get("attempts")).as(id).isEqualTo(Integer.toString(lasting.attempts()));
            assertThat(error.get("url")).as(id).endsWith(FaultyApi.path(id, "patents"));
        }
        assertThat(App.errors(folder, "functions"))
                .singleElement()
                .satisfies(error ->
                        assertThat(error).containsEntry("person_id", "../x").containsEntry("attempts", "3"));
        assertNoneLostNoneTwice(batch, people, index);
    }

    /** Documents + errors = people × indexers, in total and for each indexer. */
    private void assertNoneLostNoneTwice(Batch batch, List<ObjectNode> people, Index index) {
        Map<String, ObjectNode> documents = index.documents();
        for (Run run : batch.runs()) {
            List<String> failed = App.errors(folder, run.indexer()).stream()
                    .map(error -> error.get("person_id"))
                    .toList();
            assertThat(failed).doesNotHaveDuplicates();
            assertThat(run.counts().urls()).isEqualTo(people.size());
            assertThat(run.counts().errors()).isEqualTo(failed.size());
            Map<String, Long> rows = App.rows(folder, run.indexer()).stream()
                    .collect(Collectors.groupingBy(row -> row.get("person_id"), Collectors.counting()));
            for (ObjectNode person : people) {
                String id = person.get("id").textValue();
                boolean hasFailed = failed.contains(id);
                int items = hasFailed ? 0 : person.get(run.indexer()).size();
                assertThat(rows.getOrDefault(id, 0L))
                        .as(run.indexer() + " of " + id)
                        .isEqualTo(items);
                assertThat(documents.get(id).get(run.indexer()))
                        .as(run.indexer() + " of " + id)
                        .isEqualTo(hasFailed ? null : person.get(run.indexer()));
            }
        }
    }

    @Test
    void deliversEverythingThatRetriesCanFetch() throws IOException {
        List<ObjectNode> people = peopleWithOddIds();
        List<List<Fault>> sequences = List.of(
                List.of(instead(Replies.error(500))),
                List.of(instead(Replies.error(503)), instead(Replies.reset()), instead(Replies.error(502))),
                List.of(instead(Replies.error(429, "Retry-After: 1")), instead(Replies.error(500))),
                List.of(instead(Replies.half(LONG_JSON)), instead(Replies.cutOff(LONG_JSON))),
                List.of(instead(Replies.json("")), instead(Replies.json("<html>busy</html>"))),
                List.of(instead(Replies.hang())),
                List.of(instead(Replies.drip(100, Duration.ofMillis(300)))));
        Map<String, Integer> expectedCalls = new TreeMap<>();
        Batch batch;
        Map<String, Integer> calls;
        try (FaultyApi api = new FaultyApi(people)) {
            int n = 0;
            for (ObjectNode person : people) {
                for (String section : SamplePeople.SECTIONS) {
                    List<Fault> faults = n % 3 == 0 ? sequences.get(n / 3 % sequences.size()) : List.of();
                    n++;
                    String path = FaultyApi.path(person.get("id").textValue(), section);
                    api.first(path, faults.toArray(Fault[]::new));
                    expectedCalls.put(path, 1 + faults.size());
                }
            }
            String firstPage = "/people?active=true&page=1&size=500";
            api.first(firstPage, instead(Replies.error(503)));
            expectedCalls.put(firstPage, 2);
            batch = App.once(
                    folder,
                    "--colleagues.apis.default.base-url=" + api.url(),
                    "--colleagues.apis.default.retry.attempts=4",
                    "--colleagues.apis.default.response-timeout=1s");
            calls = new TreeMap<>(api.calls());
        }

        for (String section : SamplePeople.SECTIONS) {
            assertThat(App.errors(folder, section)).isEmpty();
            assertThat(App.rows(folder, section)).hasSize((int) SamplePeople.items(people, section));
        }
        assertThat(calls).isEqualTo(expectedCalls);
        assertThat(batch.exitCode()).isZero();
    }

    private static List<ObjectNode> peopleWithOddIds() {
        List<ObjectNode> people = new ArrayList<>(SamplePeople.madeUp(40));
        ODD_IDS.forEach(id -> people.add(SamplePeople.person(id, people.size())));
        return people;
    }

    @Test
    void unreachablePeopleListGivesExitCode2AfterThePatience(CapturedOutput output) throws IOException {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0)) {
            closedPort = socket.getLocalPort();
        }
        Batch batch = App.once(
                folder,
                "--colleagues.apis.default.base-url=http://127.0.0.1:" + closedPort,
                "--colleagues.apis.default.retry.attempts=2",
                "--colleagues.apis.default.patience=200ms",
                "--colleagues.apis.default.probe-every=50ms");

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(batch.failure())
                .startsWith("the API at 127.0.0.1:" + closedPort + " has been unavailable for 0.2")
                .contains("cannot connect: ", "Connection refused");
        assertThat(App.files(folder.resolve("csv"))).isEmpty();
        assertThat(output.getOut())
                .contains("the API at 127.0.0.1:" + closedPort + " is failing: ")
                .contains("batch " + batch.id() + " paused: the API at");
        assertThat(output.getAll()).doesNotContain("\tat ");
    }

    @Test
    void waitsForAnApiThatIsDownWhileThePeopleAreListed() throws IOException {
        List<ObjectNode> people = SamplePeople.madeUp(600);
        String secondPage = "/people?active=true&page=2";
        try (FaultyApi api = new FaultyApi(people)) {
            // Far more often than a URL is retried.
            api.first(
                    secondPage,
                    Collections.nCopies(15, instead(Replies.error(503))).toArray(Fault[]::new));
            Batch batch = App.once(
                    folder,
                    "--colleagues.apis.default.base-url=" + api.url(),
                    "--colleagues.apis.default.retry.attempts=2",
                    "--colleagues.apis.default.probe-every=5ms");

            assertThat(batch.exitCode()).isZero();
            assertThat(batch.people().size()).isEqualTo(600);
            assertThat(api.calls(secondPage)).isEqualTo(16);
        }
    }

    /** 600 people are two pages. {@code ListPeopleRouteTest} has what else can be wrong with a page. */
    @Test
    void unreadablePageOfThePeopleListGivesExitCode2AndNoFiles() throws IOException {
        try (FaultyApi api = new FaultyApi(SamplePeople.madeUp(600))) {
            api.always("/people?active=true&page=2", instead(Replies.error(404)));
            Batch batch = App.once(folder, "--colleagues.apis.default.base-url=" + api.url());

            assertThat(batch.exitCode()).isEqualTo(2);
            assertThat(batch.failure()).endsWith("/people?active=true&page=2: HTTP 404 Not Found");
            assertThat(App.files(folder.resolve("csv"))).isEmpty();
        }
    }

    @Test
    void emptyPeopleListGivesFilesWithOnlyHeaders() throws IOException {
        try (FaultyApi api = new FaultyApi(List.of())) {
            Batch batch = App.once(folder, "--colleagues.apis.default.base-url=" + api.url());

            assertThat(batch.exitCode()).isZero();
        }
        for (String section : SamplePeople.SECTIONS) {
            assertThat(App.rows(folder, section)).isEmpty();
            assertThat(App.errors(folder, section)).isEmpty();
        }
    }
}
