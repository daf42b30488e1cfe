package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.Packaged.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Output and files of the application as a separate process. Tests use the packaged jar where it can make a difference,
 * as for classes and resources that are loaded at shutdown.
 */
@Timeout(600)
@Order(1)
class PackagedApplicationIT {
    @TempDir
    Path folder;

    private Packaged application;

    @BeforeEach
    void layOut() throws IOException {
        application = Packaged.unpackedIn(folder);
    }

    @Test
    void archiveContainsTheLinkTargetsOfItsDocuments() throws IOException {
        Pattern link = Pattern.compile("]\\((?!https?:)([^)#\\s]+)");
        try (FileSystem archive = FileSystems.newFileSystem(Packaged.archive());
                Stream<Path> top = Files.list(archive.getPath("/"))) {
            Path root = top.findFirst().orElseThrow();
            List<String> broken = new ArrayList<>();
            for (String document : List.of("README.md", "docs", "bench", "demo")) {
                try (Stream<Path> files = Files.walk(root.resolve(document))) {
                    for (Path file : (Iterable<Path>)
                            files.filter(path -> path.toString().endsWith(".md"))::iterator) {
                        link.matcher(Files.readString(file))
                                .results()
                                .map(match -> match.group(1))
                                .filter(to ->
                                        Files.notExists(file.resolveSibling(to).normalize()))
                                .forEach(to -> broken.add(file + " links to " + to));
                    }
                }
            }
            assertThat(broken).isEmpty();
        }
    }

    @Test
    void printsHelp() throws Exception {
        Packaged jar = application.asJar();
        Ended ended = jar.run("--help");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out()).contains("once", "--help", "Exit codes:");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void refusesUnknownArgumentInOneLine() throws Exception {
        Ended ended = application.run("--onec");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err())
                .contains("'--onec'")
                .endsWith("; see colleague-search --help\n")
                .hasLineCount(1);
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void refusesFolderWithoutSettingsInOneLine() throws Exception {
        Files.delete(folder.resolve("application.yml"));
        Ended ended = application.run("--once");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).startsWith("no application.yml in ").hasLineCount(1);
    }

    @Test
    void runsOneBatchAndExits() throws Exception {
        Packaged jar = application.asJar();
        Ended ended = jar.run("--once", "--colleagues.deliver-to=csv");

        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out().lines())
                .filteredOn(line -> line.contains(" completed: people 240, URLs 240, documents 0, rows "))
                .hasSize(4);
        for (String section : SamplePeople.SECTIONS) {
            assertThat(jar.files("out/csv/" + section)).hasSize(2).allMatch(name -> name.endsWith(".csv"));
        }
        assertThat(folder.resolve("data/opensearch")).doesNotExist();
    }

    @Test
    void readsOwnSettingsBeforeTheShippedOnesAndAfterTheCommandLine() throws Exception {
        Path site = Files.createDirectory(folder.resolve("site")).resolve("application.yml");
        Files.writeString(site, """
                colleagues:
                  schedule: never
                  if-late: rum
                  indexing:
                    batch-size: many
                """);
        Ended ended = application.run("check", "--colleagues.if-late=skip");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.out())
                .startsWith("site/application.yml:2:13: colleagues.schedule is never: ")
                .contains("\nsite/application.yml:5:17: colleagues.indexing.batch-size is many; ")
                .doesNotContain("if-late");

        Files.writeString(site, "colleagues: [\n");
        assertThat(application.run("once").err())
                .startsWith("cannot start: site/application.yml:2:1: invalid YAML: ")
                .hasLineCount(1);
    }

    @Test
    void runsOwnIndexersInsteadOfTheShippedOnesAndLogsJson() throws Exception {
        Path own = Files.createDirectories(folder.resolve("site/routes/indexers"));
        String shipped = Files.readString(Path.of("routes/indexers/patents.camel.yaml"));
        Files.writeString(
                own.resolve("inventions.camel.yaml"),
                shipped.replace("index-patents", "index-inventions")
                        .replace(
                                "- name: indexer\n        value: patents",
                                "- name: indexer\n        value: inventions"));
        Files.writeString(folder.resolve("site/application.yml"), """
                colleagues:
                  routes:
                    exclude: [routes/indexers/*.camel.yaml]
                """);
        Ended ended =
                application.run("once", "--colleagues.deliver-to=csv", "--logging.structured.format.console=logstash");

        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : ended.out().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        String batch = application.files("out/csv/inventions").stream()
                .filter(file -> file.matches("\\w+\\.csv"))
                .findFirst()
                .orElseThrow()
                .replace(".csv", "");
        assertThat(lines)
                .filteredOn(line -> line.path("message").asText().contains(" completed: people "))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.path("message").textValue())
                            .contains("run inventions completed: people 240, URLs 240, ");
                    assertThat(line.path("batch").textValue()).isEqualTo(batch);
                    assertThat(line.path("level").textValue()).isEqualTo("INFO");
                });
    }

    @Test
    void runsRouteTestsAndLeavesNoFiles() throws Exception {
        Path test = Files.writeString(folder.resolve("routes/index/fetch-url.test.yaml"), """
                cases:
                  - name: fetches
                    given: {body: "https://people.example.org/people/1/patents"}
                    answers: {call-url: [{body: {patents: []}}]}
                    expect: {body: {patents: []}}
                  - name: fetches another
                    given: {body: "https://people.example.org/people/1/patents"}
                    answers: {call-url: [{status: 503}, {status: 200, body: {patents: []}}]}
                    expect:
                      body: {patents: [{number: US-1}]}
                """);
        List<String> before = application.files("");

        Ended ended = application.run("--test", folder.relativize(test).toString());

        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
        assertThat(ended.out().replaceAll("\\d+\\.\\d+ s", "TIME").lines())
                .startsWith(
                        "ok      fetch-url: fetches (TIME)",
                        "FAILED  fetch-url: fetches another (TIME)",
                        "        routes/index/fetch-url.test.yaml:10: the body of the answer")
                .endsWith("", "2 cases in 1 file: 1 ok, 1 failed, TIME");
        assertThat(ended.err()).isEmpty();
        assertThat(application.files(""))
                .filteredOn(file -> !file.startsWith("std"))
                .hasSameElementsAs(before);
    }

    @Test
    void refusesDatabaseInUseByAnotherInstanceInOneLine() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        try (Connection other = DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("data/ledger"))) {
            assertThat(other.isValid(1)).isTrue();
            Ended ended = application.run("--once", "--colleagues.deliver-to=csv");

            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.err())
                    .startsWith("cannot start: another instance of Colleague Search is using colleagues.database.file"
                            + " data/ledger: stop it, ")
                    .contains("its API", "or set another file")
                    .hasLineCount(1);
        }
    }

    @Test
    void stopsQuicklyAndLeavesNoPartialFilesOnSigterm() throws Exception {
        try (FaultyApi api = new FaultyApi(SamplePeople.madeUp(2000))) {
            for (int i = 0; i < 2000; i++) {
                for (String section : SamplePeople.SECTIONS) {
                    api.always(FaultyApi.path("p" + i, section), good -> connection -> {
                        connection.pause(Duration.ofMillis(100));
                        good.send(connection);
                    });
                }
            }
            Process service = application.start(
                    "--colleagues.deliver-to=csv",
                    "--colleagues.run-at-start=true",
                    "--management.server.port=0",
                    "--server.port=0",
                    "--colleagues.indexing.batch-size=10",
                    "--colleagues.apis.default.base-url=" + api.url());
            try {
                await().until(() -> application.files("out/csv").size() > 8 || !service.isAlive());
                assertThat(service.isAlive()).as(application.err()).isTrue();
                service.destroy();
                assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } finally {
                service.destroyForcibly();
            }
            // 128 + SIGTERM, as shells and schedulers expect.
            assertThat(service.exitValue()).isEqualTo(143);
        }

        JdbcClient ledger = JdbcClient.create(new DriverManagerDataSource(
                "jdbc:h2:file:" + folder.resolve("data/ledger") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE", "", ""));
        for (String table : List.of("batch", "run")) {
            assertThat(ledger.sql("select distinct state from " + table)
                            .query(String.class)
                            .list())
                    .as(table)
                    .containsExactly("paused");
        }
        assertThat(application.files("out/csv")).isNotEmpty().allMatch(name -> name.contains(".parts/"));
        assertThat(application.out() + application.err())
                .doesNotContain("ERROR")
                .doesNotContain("\tat ");
    }
}
