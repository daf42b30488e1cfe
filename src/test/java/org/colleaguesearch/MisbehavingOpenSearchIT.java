package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.embedded.EmbeddedOpenSearch;
import org.colleaguesearch.embedded.Login;
import org.colleaguesearch.embedded.QuickDistribution;
import org.colleaguesearch.embedded.SharedOpenSearch;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.util.FileSystemUtils;

/** Runs with an OpenSearch that fails in each possible way: the real one behind a misbehaving proxy. */
@Timeout(900)
class MisbehavingOpenSearchIT {
    private static final int PEOPLE = 40;

    private final List<ObjectNode> people = SamplePeople.madeUp(PEOPLE);

    @TempDir
    Path folder;

    @Test
    void waitsForOpenSearchThatIsDownAtStart(CapturedOutput output) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Reply[] down = {Replies.reset(), Replies.status(503, ""), Replies.status(429, ""), Replies.status(502, "")};

        assertNothingIsLost("it-down-at-start", request -> {
            int n = asked.getAndIncrement();
            return n < down.length ? down[n] : Index.forward(request);
        });

        assertThat(output.getOut())
                .contains("cannot be reached (", "check colleagues.opensearch.url; retrying for up to 10 min");
    }

    @Test
    void startFailsInOneLineWhenOpenSearchIsDownForLongerThanThePatience(CapturedOutput output) throws IOException {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0)) {
            closedPort = socket.getLocalPort();
        }
        assertThatThrownBy(() -> App.start(
                        folder,
                        "--colleagues.deliver-to=opensearch",
                        "--colleagues.opensearch.patience=300ms",
                        "--colleagues.opensearch.url=http://127.0.0.1:" + closedPort))
                .isInstanceOf(RuntimeException.class);

        assertThat(output.getErr())
                .startsWith("cannot start: OpenSearch at http://127.0.0.1:" + closedPort + " cannot be reached (")
                .contains("check colleagues.opensearch.url")
                .hasLineCount(1);
        assertThat(output.getOut()).doesNotContain("ERROR").doesNotContain("\tat ");
    }

    @Test
    void startFailsImmediatelyWithWrongCredentials(CapturedOutput output) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedServer search = new ScriptedServer(request -> {
            asked.incrementAndGet();
            return Replies.status(401, "");
        })) {
            assertThatThrownBy(() -> App.start(
                            folder,
                            "--colleagues.deliver-to=opensearch",
                            "--colleagues.opensearch.url=" + search.url()))
                    .isInstanceOf(RuntimeException.class);
        }
        assertThat(output.getErr()).contains("(HTTP 401)", "check colleagues.opensearch.username and password");
        assertThat(asked).hasValue(1);
    }

    @Test
    void outageInMidRunLosesNothing(CapturedOutput output) throws IOException {
        assertNothingIsLost("it-down-in-mid-run", bulk(n -> n >= 3 && n < 50 ? Replies.reset() : null));

        assertThat(output.getOut())
                .containsOnlyOnce("OpenSearch is not accepting documents (")
                .containsOnlyOnce("OpenSearch is accepting documents again after ");
    }

    @Test
    void outageLongerThanThePatienceCountsOnlyAcknowledgedDocuments() throws IOException {
        Index index = new Index("it-down-for-long");
        try (FaultyApi api = new FaultyApi(people);
                ScriptedServer search = new ScriptedServer(bulk(n -> n >= 3 ? Replies.error(503) : null))) {
            Batch batch = App.once(folder, arguments(index, api, search, "--colleagues.opensearch.patience=500ms"));

            assertThat(batch.exitCode()).isEqualTo(2);
            assertThat(batch.runs()).extracting(run -> run.counts().errors()).containsOnly(0L);
            assertThat(batch.runs())
                    .filteredOn(run -> run.state() == State.PAUSED)
                    .isNotEmpty()
                    .allSatisfy(run -> assertThat(run.summary())
                            .contains("(OpenSearch has accepted no documents for 0.5 s: HTTP 503; check"));
            long delivered =
                    batch.runs().stream().mapToLong(run -> run.counts().urls()).sum();
            assertThat(delivered).isEqualTo(3 * 10);
            assertThat(sections(index)).isEqualTo(delivered);
        }
    }

    @Test
    void slowResponsesAreNoFailure(CapturedOutput output) throws IOException {
        assertNothingIsLost(
                "it-slow",
                request -> request.method().equals("POST")
                        ? connection -> {
                            connection.pause(Duration.ofMillis(700));
                            Index.forward(request).send(connection);
                        }
                        : Index.forward(request));

        assertThat(output.getOut()).doesNotContain("WARN");
    }

    @Test
    void lostResponseIsRequestedAgain() throws IOException {
        assertNothingIsLost("it-lost-answer", request -> {
            Reply good = Index.forward(request);
            return request.method().equals("POST") && request.connection() % 2 == 0 ? Replies.reset() : good;
        });
    }

    @Test
    void tooManyRequestsOnTheWholeRequestLosesNothing() throws IOException {
        assertNothingIsLost(
                "it-429-request",
                bulk(n -> n % 2 == 0
                        ? Replies.status(
                                429, error("rejected_execution_exception", 429), "Content-Type: application/json")
                        : null));
    }

    @Test
    void tooManyRequestsOnSingleItemsResendsOnlyThose() throws IOException {
        assertNothingIsLost("it-429-items", request -> {
            if (!request.method().equals("POST") || request.body().lines().count() < 20) {
                return Index.forward(request);
            }
            // Only the first half of a full request gets through.
            String half = String.join("\n", request.body().lines().limit(10).toList()) + "\n";
            String answer = Index.send(SharedOpenSearch.request(request.target()), request.method(), half)
                    .body();
            String refused = ",{\"update\":{\"_index\":\"x\",\"_id\":\"x\",\"status\":429,\"error\":{"
                    + "\"type\":\"rejected_execution_exception\",\"reason\":\"queue full\"}}}";
            return Replies.json(answer.substring(0, answer.lastIndexOf(']')) + refused.repeat(5) + "]}");
        });
    }

    @Test
    void clusterWithoutManagerLosesNothing() throws IOException {
        assertNothingIsLost(
                "it-no-manager",
                bulk(n -> n >= 2 && n < 8
                        ? Replies.status(
                                503,
                                error("cluster_manager_not_discovered_exception", 503),
                                "Content-Type: application/json")
                        : null));
    }

    @Test
    void waitsUntilReadOnlyIndexIsWritable(CapturedOutput output) throws IOException {
        Index index = new Index("it-read-only");
        AtomicInteger requests = new AtomicInteger();

        assertNothingIsLost(index.alias(), request -> {
            // One after the other, so that all but the first meet the block.
            synchronized (requests) {
                int n = request.method().equals("POST") ? requests.incrementAndGet() : 0;
                // Set as OpenSearch does it when the disk is full, and lifted when it has been met often.
                if (n == 4) {
                    block(index, "true");
                }
                if (n == 30) {
                    block(index, "null");
                }
            }
            return Index.forward(request);
        });

        assertThat(output.getOut())
                .contains("OpenSearch is not accepting documents (cluster_block_exception: ")
                .contains("OpenSearch is accepting documents again after ");
    }

    private static void block(Index index, String value) {
        Index.call(
                "PUT", "/" + index.alias() + "/_settings", "{\"index.blocks.read_only_allow_delete\":" + value + "}");
    }

    @Test
    void mappingErrorOnSingleItemsFailsOnlyThose() throws IOException {
        Index index = new Index("it-poison");
        people.get(7)
                .putArray("memberships")
                .addObject()
                .putObject("organization")
                .put("name", "x");
        try (FaultyApi api = new FaultyApi(people);
                ScriptedServer search = new ScriptedServer(bulk(n -> n == 2 ? Replies.error(503) : null))) {
            Batch batch = App.once(folder, arguments(index, api, search));

            assertThat(batch.exitCode()).isEqualTo(1);
            assertThat(App.errors(folder, "memberships"))
                    .singleElement()
                    .satisfies(
                            error -> assertThat(error)
                                    .containsEntry("person_id", "p7")
                                    .hasEntrySatisfying(
                                            "reason",
                                            reason -> assertThat(reason)
                                                    .startsWith(
                                                            "OpenSearch refused the document: field 'memberships.organization' ")));
            assertThat(sections(index)).isEqualTo(4 * PEOPLE - 1);
        }
    }

    @Test
    void restartsKilledEmbeddedOpenSearchInMidRunAndLosesNothing(CapturedOutput output) throws IOException {
        Path data = Path.of("target", "it-killed", "data");
        FileSystemUtils.deleteRecursively(data.getParent());
        try (FaultyApi api = new FaultyApi(people)) {
            // This call kills OpenSearch and returns when it is gone.
            api.first(FaultyApi.path("p25", "patents"), good -> connection -> {
                ProcessHandle child = child(data);
                child.destroyForcibly();
                await().until(() -> !child.isAlive());
                good.send(connection);
            });
            try (App app = App.start(
                    folder,
                    "--colleagues.apis.default.base-url=" + api.url(),
                    "--colleagues.deliver-to=opensearch,csv",
                    "--colleagues.indexing.batch-size=10",
                    "--colleagues.opensearch.embedded.home=" + QuickDistribution.home(),
                    "--colleagues.opensearch.embedded.port=0",
                    "--colleagues.opensearch.embedded.data=" + data,
                    "--colleagues.opensearch.embedded.log=" + data.resolveSibling("opensearch.log"))) {
                Batch batch = app.runBatch("test");

                assertThat(batch.exitCode()).isZero();
                URI url = app.bean(EmbeddedOpenSearch.class).awaitReady();
                Login login = app.bean(EmbeddedOpenSearch.class).login();
                Index.send(SharedOpenSearch.request(url, login, "/colleagues/_refresh"), "POST", "");
                String found = Index.send(
                                SharedOpenSearch.request(url, login, "/colleagues/_search?size=100"), "GET", "")
                        .body();
                assertThat(new ObjectMapper().readTree(found).at("/hits/hits"))
                        .extracting(hit -> ((ObjectNode) hit.get("_source")).<ObjectNode>without("fetched"))
                        .containsExactlyInAnyOrderElementsOf(people);
            }
        }
        assertThat(output.getOut()).containsOnlyOnce("exited unexpectedly; restarting it (1 of 5 ");
    }

    private static ProcessHandle child(Path data) throws IOException {
        return ProcessHandle.of(Long.parseLong(recorded(data, "pid"))).orElseThrow();
    }

    private static String recorded(Path data, String key) throws IOException {
        Properties record = new Properties();
        try (Reader reader = Files.newBufferedReader(data.resolve("child.properties"))) {
            record.load(reader);
        }
        return record.getProperty(key);
    }

    /** Runs one batch against the real OpenSearch behind a script; everything must be delivered and counted. */
    private void assertNothingIsLost(String alias, ScriptedServer.Script script) throws IOException {
        Index index = new Index(alias);
        try (FaultyApi api = new FaultyApi(people);
                ScriptedServer search = new ScriptedServer(script)) {
            Batch batch = App.once(folder, arguments(index, api, search));

            assertThat(batch.exitCode()).isZero();
            assertThat(batch.runs())
                    .hasSize(4)
                    .allSatisfy(run -> assertThat(run.summary())
                            .contains("URLs " + PEOPLE + ", documents " + PEOPLE + ", ")
                            .contains("errors 0"));
        }
        assertThat(index.documents().values()).containsExactlyInAnyOrderElementsOf(people);
        for (String section : SamplePeople.SECTIONS) {
            assertThat(App.rows(folder, section)).hasSize((int) SamplePeople.items(people, section));
            assertThat(App.errors(folder, section)).isEmpty();
        }
    }

    private static String[] arguments(Index index, FaultyApi api, ScriptedServer search, String... others) {
        List<String> all = new ArrayList<>(List.of(others));
        all.add("--colleagues.deliver-to=opensearch,csv");
        all.add("--colleagues.opensearch.alias=" + index.alias());
        all.add("--colleagues.opensearch.url=" + search.url());
        all.add("--colleagues.apis.default.base-url=" + api.url());
        all.add("--colleagues.indexing.batch-size=10");
        return all.toArray(String[]::new);
    }

    /** The sections of all people and indexers in the index. */
    private static long sections(Index index) {
        return index.documents().values().stream()
                .mapToLong(document ->
                        SamplePeople.SECTIONS.stream().filter(document::has).count())
                .sum();
    }

    /** Answers bulk requests, counted from 0; without an answer, the real OpenSearch gets the request. */
    private static ScriptedServer.Script bulk(IntFunction<Reply> instead) {
        AtomicInteger requests = new AtomicInteger();
        return request -> {
            Reply reply = request.method().equals("POST") ? instead.apply(requests.getAndIncrement()) : null;
            return reply == null ? Index.forward(request) : reply;
        };
    }

    private static String error(String type, int status) {
        return "{\"error\":{\"type\":\"" + type + "\",\"reason\":null},\"status\":" + status + "}";
    }
}
