package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.colleaguesearch.FaultyApi.instead;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.settings.OpenToOthers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Exports over real HTTP with faults, interrupted by a stop and by a kill. */
@Timeout(600)
class ExportIT {
    private static final int PEOPLE = 200;

    @TempDir
    Path folder;

    private final FaultyApi api = new FaultyApi(SamplePeople.madeUp(PEOPLE));
    private Packaged application;

    @BeforeEach
    void layOut() throws IOException {
        application = Packaged.unpackedIn(folder.resolve("application"));
        for (int i = 0; i < PEOPLE; i += 50) {
            api.always(path(i), instead(Replies.error(404)));
            api.always(path(i + 7), instead(Replies.error(500)));
            api.first(path(i + 9), instead(Replies.reset()), instead(Replies.error(503)));
            api.always(
                    path(i + 11),
                    instead(Replies.status(302, "", "Location: http://169.254.169.254/latest/meta-data/")));
            api.always(path(i + 13), instead(Replies.json("[1]")));
        }
    }

    @AfterEach
    void closeApi() throws IOException {
        api.close();
    }

    @Test
    void stopAndKillDoNotChangeTheResult() throws Exception {
        try (App app = start("undisturbed")) {
            assertThat(app.export("key", "job", urls(), null)).contains("\"completed\"");
        }
        // Read after the stop, because an export may be answered just before its parts are deleted.
        String undisturbed = results("undisturbed");
        assertThat(OpenToOthers.below(folder.resolve("undisturbed"))).isEmpty();
        assertThat(undisturbed.lines().filter(line -> line.contains("HTTP 404 Not Found,404,1")))
                .hasSize(PEOPLE / 50);
        assertThat(undisturbed)
                .contains(
                        api.url() + path(7) + ",HTTP 500 Internal Server Error,500,3",
                        api.url() + path(11) + ",HTTP 302 Moved Temporarily: redirects are not followed,302,1",
                        api.url() + path(13) + ",the response is neither an object nor a list of objects,,1",
                        "{\"url\":\"" + api.url() + path(9) + "\",\"item\":{\"number\":\"US-9-0\"")
                .doesNotContain("169.254");

        api.after(Duration.ofMillis(40));
        AtomicInteger before = new AtomicInteger(calls());
        try (App app = start("application")) {
            assertThat(app.export("key", "job", urls(), "respond-async")).contains("\"urls\":" + PEOPLE);
            awaitCalls(before, PEOPLE / 4);
        }
        assertThat(states()).containsExactly("paused");
        Process killed = service();
        awaitCalls(before, PEOPLE / 4);
        killed.destroyForcibly().waitFor();
        assertThat(states()).containsExactly("running");
        api.after(Duration.ZERO);
        Process service = service();
        try {
            await().until(() -> application.out().contains("run export completed"));
        } finally {
            service.destroy();
            service.waitFor();
        }

        assertThat(states()).containsExactly("completed");
        assertThat(results("application/out")).isEqualTo(undisturbed);
        assertThat(App.files(folder.resolve("application/out/exports"))).hasSize(3);
    }

    private App start(String name) {
        Path home = folder.resolve(name);
        List<String> arguments = new ArrayList<>(List.of(arguments()));
        if (name.equals("application")) {
            arguments.add("--colleagues.export.folder=" + home.resolve("out/exports"));
            arguments.add("--colleagues.database.file=" + home.resolve("data/ledger"));
        }
        return App.start(home, arguments.toArray(String[]::new));
    }

    private Process service() throws IOException {
        return application.start(Stream.concat(
                        Stream.of(arguments()),
                        Stream.of(
                                "--colleagues.deliver-to=csv",
                                "--colleagues.catch-up=false",
                                "--colleagues.run-at-start=false",
                                "--management.server.port=-1"))
                .toArray(String[]::new));
    }

    private String[] arguments() {
        return new String[] {
            "--colleagues.apis.default.base-url=" + api.url(),
            "--colleagues.apis.default.probe-every=100ms",
            "--colleagues.apis.default.retry.attempts=3",
            "--colleagues.apis.default.retry.first-delay=10ms",
            "--colleagues.indexing.batch-size=10"
        };
    }

    private int calls() {
        return api.calls().values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Waits for this many calls after the last wait. */
    private void awaitCalls(AtomicInteger before, int more) {
        await().until(() -> calls() >= before.get() + more);
        before.set(calls());
    }

    /** Read from the ledger file, which no process has open at that time. */
    private List<String> states() {
        return JdbcClient.create(new DriverManagerDataSource(
                        "jdbc:h2:file:" + folder.resolve("application/data/ledger")
                                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
                        "",
                        ""))
                .sql("select state from run")
                .query(String.class)
                .list();
    }

    /** All three files of the only export. */
    private String results(String home) {
        Map<String, String> files = App.files(folder.resolve(home).resolve("exports")).stream()
                .collect(Collectors.toMap(file -> file.getFileName().toString(), ExportIT::read));
        assertThat(files).containsOnlyKeys("result.csv", "result.jsonl", "errors.csv");
        return files.get("result.csv") + files.get("result.jsonl") + files.get("errors.csv");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> urls() {
        return IntStream.range(0, PEOPLE).mapToObj(i -> api.url() + path(i)).toList();
    }

    private static String path(int person) {
        return FaultyApi.path("p" + person, "patents");
    }
}
