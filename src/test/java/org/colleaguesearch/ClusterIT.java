package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.colleaguesearch.FaultyApi.instead;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.colleaguesearch.Packaged.Ended;
import org.colleaguesearch.ledger.TestLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Three nodes, of which the keeper is suspended and another one killed, and a broker that is killed and started again, give the
 * same result as one node that nothing happens to. Nodes and broker are processes.
 */
@Timeout(1200)
class ClusterIT {
    private static final int PEOPLE = 520;
    private static final int URLS = PEOPLE * SamplePeople.SECTIONS.size();
    private static final List<String> NAMES = List.of("one", "two", "three");

    @TempDir
    Path folder;

    private final List<Process> nodes = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<Integer> managementPorts = new ArrayList<>();
    private Process broker;
    private int brokerPort;
    private String url;
    private JdbcClient ledger;

    @BeforeEach
    void startBroker() throws IOException {
        brokerPort = freePort();
        broker = broker();
        url = TestLedger.newPostgresqlDatabase("cluster");
        ledger = JdbcClient.create(new DriverManagerDataSource(url, "postgres", ""));
    }

    @AfterEach
    void end() {
        nodes.forEach(Process::destroyForcibly);
        broker.destroyForcibly();
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        }
    }

    private Process broker() throws IOException {
        List<String> command = new ArrayList<>(Packaged.java());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                ArtemisBroker.class.getName(),
                folder.resolve("broker").toString(),
                Integer.toString(brokerPort)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("broker.txt").toFile()))
                .start();
    }

    @Test
    void failuresOfNodesAndBrokerDoNotChangeTheResult() throws Exception {
        Index alone = new Index("it-cluster-alone");
        Index index = new Index("it-cluster");
        try (FaultyApi api = faultyApi()) {
            String[] shared = {
                "--colleagues.apis.default.base-url=" + api.url(),
                "--colleagues.apis.default.retry.attempts=3",
                "--colleagues.apis.default.retry.first-delay=10ms",
                "--colleagues.indexing.batch-size=10"
            };
            Ended ended = Packaged.unpackedIn(folder.resolve("alone")).run(once(alone.arguments(shared)));
            assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(1);
            api.after(Duration.ofMillis(60));
            int before = api.total();
            for (String name : NAMES) {
                start(name, index.arguments(shared));
            }
            reach(() -> ports.stream().allMatch(ClusterIT::isReady) && NAMES.contains(keeper()));
            // A node that hands the request on.
            call(ports.get(keeper().equals(NAMES.getFirst()) ? 1 : 0), "POST", "runs", 202);
            reach(() -> api.total() - before > URLS / 5);
            String first = keeper();
            signal("STOP", first);
            reach(() -> !keeper().equals(first));
            kill(NAMES.stream()
                    .filter(name -> !name.equals(first) && !name.equals(keeper()))
                    .findFirst()
                    .orElseThrow());
            reach(() -> api.total() - before > URLS / 2);
            broker.destroyForcibly().waitFor();
            broker = broker();
            // It goes on with the chunks that it had, which others have now.
            signal("CONT", first);
            reach(() -> ledger("select state from batch").equals(List.of("completed")));

            assertThat(ledger("select count(*) from batch")).containsExactly("1");
            assertThat(index.documents()).hasSize(PEOPLE).isEqualTo(alone.documents());
            assertSameFiles();
            assertAnyNodeAnswers();
            for (int i = 0; i < NAMES.size(); i++) {
                if (nodes.get(i).isAlive()) {
                    assertNodesAreSeen(NAMES.get(i), "http://127.0.0.1:" + managementPorts.get(i) + "/actuator/");
                }
            }
        }
    }

    private static void assertNodesAreSeen(String node, String management) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            JsonNode health = new ObjectMapper()
                    .readTree(client.send(
                                    HttpRequest.newBuilder(URI.create(management + "health"))
                                            .build(),
                                    BodyHandlers.ofString())
                            .body());
            assertThat(health.at("/components/nodes/details/nodes").findValuesAsText("name"))
                    .contains(node);
            HttpRequest metrics = HttpRequest.newBuilder(URI.create(management + "prometheus"))
                    .build();
            // The keeper measures every few seconds, and may have done so last while there was work.
            await().untilAsserted(() -> assertThat(
                            client.send(metrics, BodyHandlers.ofString()).body())
                    .contains("colleagues_queue_messages{indexer=\"patents\",node=\"" + node + "\"} 0.0")
                    .contains("colleagues_queue_oldest_age"));
        }
    }

    /** Waits for a point of the batch. */
    private void reach(BooleanSupplier point) {
        await().until(point::getAsBoolean);
    }

    private void start(String name, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(App.withKey(arguments)));
        int port = freePort();
        int management = freePort();
        ports.add(port);
        managementPorts.add(management);
        all.addAll(List.of(
                "--colleagues.cluster.broker-url=tcp://127.0.0.1:" + brokerPort,
                "--colleagues.cluster.node=" + name,
                "--colleagues.database.url=" + url,
                "--colleagues.database.username=postgres",
                "--colleagues.csv.folder=" + folder.resolve("csv"),
                "--colleagues.export.folder=" + folder.resolve("exports"),
                "--colleagues.run-at-start=false",
                "--server.port=" + port,
                "--management.server.port=" + management));
        nodes.add(Packaged.unpackedIn(folder.resolve(name)).start(all.toArray(String[]::new)));
    }

    private static String[] once(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--once"));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    /** Without the number that tells it from others of the same name. */
    private String keeper() {
        return ledger("select holder from lease where name = 'ledger'")
                .getFirst()
                .replaceFirst("-\\d.*", "");
    }

    private void signal(String signal, String name) throws Exception {
        String process = Long.toString(nodes.get(NAMES.indexOf(name)).pid());
        assertThat(new ProcessBuilder("kill", "-" + signal, process).start().waitFor())
                .isZero();
    }

    private void kill(String name) throws InterruptedException {
        Process node = nodes.get(NAMES.indexOf(name));
        node.destroyForcibly();
        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private void assertSameFiles() throws IOException {
        Path alone = folder.resolve("alone/out/csv");
        for (String section : SamplePeople.SECTIONS) {
            for (String suffix : List.of(".csv", ".errors.csv")) {
                assertThat(Files.readString(result(folder.resolve("csv"), section, suffix)))
                        .as(section + suffix)
                        .isEqualTo(Files.readString(result(alone, section, suffix)));
            }
        }
    }

    private static Path result(Path csv, String section, String suffix) {
        List<Path> found = App.files(csv.resolve(section)).stream()
                .filter(file -> file.getParent().endsWith(section))
                .filter(file -> file.getFileName().toString().matches("\\w+\\Q" + suffix + "\\E"))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    /** Also what only the keeper does: it is asked. */
    private void assertAnyNodeAnswers() throws Exception {
        String patents = ledger("select batch_id || '-' || indexer from run where indexer = 'patents'")
                .getFirst();
        for (int i = 0; i < NAMES.size(); i++) {
            if (nodes.get(i).isAlive()) {
                assertThat(call(ports.get(i), "GET", "runs/" + patents, 200)
                                .get("state")
                                .asText())
                        .isEqualTo("completed");
                JsonNode alive = call(ports.get(i), "GET", "nodes", 200).get("nodes");
                assertThat(alive.findValuesAsText("keeper")).containsOnlyOnce("true");
                assertThat(alive.findValuesAsText("routes"))
                        .isNotEmpty()
                        .containsOnly(alive.at("/0/routes").textValue());
                // Its outcomes are not held.
                assertThat(call(ports.get(i), "POST", "runs/" + patents + "/held/release", 409)
                                .get("detail")
                                .asText())
                        .contains("holds nothing");
            }
        }
    }

    private static JsonNode call(int port, String method, String path, int status) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/" + path))
                .header("X-API-Key", App.KEY)
                .header("Content-Type", "application/json")
                .method(method, path.equals("runs") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            return new ObjectMapper().readTree(answer.body());
        }
    }

    /** Whether a node answers its API. */
    private static boolean isReady(int port) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest nodes = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/nodes"))
                    .header("X-API-Key", App.KEY)
                    .build();
            return client.send(nodes, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> ledger(String query) {
        return ledger.sql(query).query((row, number) -> row.getString(1)).list();
    }

    private static FaultyApi faultyApi() {
        List<ObjectNode> people = SamplePeople.madeUp(PEOPLE);
        FaultyApi api = new FaultyApi(people);
        for (int i = 0; i < PEOPLE; i += 50) {
            api.always(FaultyApi.path("p" + i, "patents"), instead(Replies.error(404)));
            api.always(FaultyApi.path("p" + (i + 7), "geography"), instead(Replies.error(500)));
        }
        return api;
    }
}
