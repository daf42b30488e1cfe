package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.colleaguesearch.FaultyApi.instead;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.colleaguesearch.Packaged.Ended;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A run that is interrupted and continued over any number of starts gives the same result as an undisturbed one. The
 * moment of the first kill (during the start, the listing or a run) follows from the seed in the log; set the system
 * property {@code resume.seed} to reproduce it. {@code bench/chaos} is the long form, also with the ledger in
 * PostgreSQL.
 */
@Timeout(1200)
class ResumeIT {
    private static final Logger LOG = LoggerFactory.getLogger(ResumeIT.class);

    /** Two pages of the people list. */
    private static final int PEOPLE = 520;

    private static final int CHUNKS = PEOPLE / 10;
    private static final int URLS = PEOPLE * SamplePeople.SECTIONS.size();

    private static final String FEED = """
            - templatedRoute:
                routeId: index-trainings
                routeTemplateRef: index-chunk
                parameters:
                  - {name: indexer, value: trainings}
                  - {name: url, value: /trainings}
                  - {name: paging, value: offset}
                  - {name: pageSize, value: "100"}
                  - {name: each, value: .trainings}
                  - {name: person, value: .person}
                  - {name: section, value: "map({course})"}
                  - {name: columns, value: course}
            """;

    private static final List<String> SECTIONS = Stream.concat(SamplePeople.SECTIONS.stream(), Stream.of("trainings"))
            .toList();

    private static final Index UNDISTURBED = new Index("it-resume-undisturbed");

    @TempDir
    static Path undisturbed;

    private static String undisturbedApi;

    @TempDir
    Path folder;

    private Packaged application;

    /** Also a separate process: in this JVM it would interfere with the applications of other tests. */
    @BeforeAll
    static void runUndisturbed() throws Exception {
        try (FaultyApi api = faultyApi()) {
            undisturbedApi = api.url().toString();
            List<String> all = new ArrayList<>(List.of(once(UNDISTURBED.arguments(arguments(api)))));
            all.add("--colleagues.csv.folder=" + undisturbed.resolve("csv"));
            Ended ended = laidOut(undisturbed.resolve("application")).run(all.toArray(String[]::new));
            assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(1);
        }
    }

    /** With an indexer that reads a bulk feed. */
    private static Packaged laidOut(Path folder) throws IOException {
        Packaged packaged = Packaged.unpackedIn(folder);
        Path indexers = Files.createDirectories(folder.resolve("site/routes/indexers"));
        Files.writeString(indexers.resolve("trainings.camel.yaml"), FEED);
        return packaged;
    }

    @BeforeEach
    void layOut() throws IOException {
        application = laidOut(folder.resolve("application"));
    }

    @Test
    void killsAndAStopDoNotChangeTheResult() throws Exception {
        long seed = Long.getLong("resume.seed", System.nanoTime());
        LOG.info("resume.seed {}", seed);
        Index index = new Index("it-resume");
        JdbcClient ledger = JdbcClient.create(new DriverManagerDataSource(
                "jdbc:h2:file:" + folder.resolve("application/data/ledger") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
                "",
                ""));
        try (FaultyApi api = faultyApi().after(Duration.ofMillis(30))) {
            String[] arguments = index.arguments(arguments(api));
            long moment = System.nanoTime()
                    + Duration.ofMillis(new Random(seed).nextInt(6_000)).toNanos();
            cutOff(
                    () -> System.nanoTime() > moment || api.calls().size() > URLS / 8,
                    Process::destroyForcibly,
                    arguments);
            int exitCode = cutOff(() -> api.calls().size() > URLS / 2, Process::destroy, arguments);

            // 128 + SIGTERM, as shells and schedulers expect.
            assertThat(exitCode).isEqualTo(143);
            assertThat(application.out() + application.err()).doesNotContain("ERROR", "\tat ");
            assertThat(texts(ledger, "select state from batch")).containsExactly("paused");
            assertThat(texts(ledger, "select distinct state from run")).containsExactly("paused");
            assertThat(texts(ledger, "select number from chunk where done is null"))
                    .isEmpty();
            assertEndsAsUndisturbed(api, index, ledger, arguments);
            assertNextBatchWritesNothing(api, index, ledger, arguments);
        }
    }

    /** Nothing has changed, also if the batch that finds that out is killed. */
    private void assertNextBatchWritesNothing(FaultyApi api, Index index, JdbcClient ledger, String... arguments)
            throws Exception {
        api.after(Duration.ofMillis(30));
        int before = api.total();
        assertThat(api.notModified()).isZero();
        cutOff(() -> api.total() > before + URLS / 3, Process::destroyForcibly, arguments);
        api.after(Duration.ZERO);

        Ended ended = application.run(once(arguments));

        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(1);
        assertThat(api.notModified()).isGreaterThan(URLS / 2);
        assertThat(texts(
                        ledger,
                        "select sum(documents) from chunk where batch_id = (select max(id) from batch where state ="
                                + " 'completed')"))
                .containsExactly("0");
        assertThat(index.documents()).isEqualTo(UNDISTURBED.documents());
        for (String section : SECTIONS) {
            List<Path> files = App.files(folder.resolve("application/out/csv").resolve(section)).stream()
                    .filter(file -> file.getFileName().toString().matches("\\w+\\.csv"))
                    .filter(file -> file.getParent().endsWith(section))
                    .toList();
            assertThat(files).as(section).hasSize(2);
            assertThat(files.get(0)).hasSameBinaryContentAs(files.get(1));
        }
    }

    /** Starts the application, ends it at the given point, and returns its exit code. */
    private int cutOff(BooleanSupplier far, Consumer<Process> end, String... arguments) throws Exception {
        Process process = application.start(once(arguments));
        try {
            await().until(() -> far.getAsBoolean() || !process.isAlive());
            assertThat(process.isAlive())
                    .as(application.out() + application.err())
                    .isTrue();
            end.accept(process);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return process.exitValue();
    }

    private void assertEndsAsUndisturbed(FaultyApi api, Index index, JdbcClient ledger, String... arguments)
            throws Exception {
        api.after(Duration.ZERO);
        Ended ended = application.run(once(arguments));
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(1);
        assertThat(ended.out()).contains("resuming batch ").doesNotContain(" opened by ");

        assertSameFiles(api);
        assertThat(index.documents()).hasSize(PEOPLE).isEqualTo(UNDISTURBED.documents());
        assertLedgerAgrees(ledger, index.documents().values());
    }

    private void assertSameFiles(FaultyApi api) throws IOException {
        Path csv = folder.resolve("application/out/csv");
        for (String section : SECTIONS) {
            for (String suffix : List.of(".csv", ".errors.csv")) {
                List<Path> found = App.files(csv.resolve(section)).stream()
                        // Without the parts, which are kept if a URL has failed.
                        .filter(file -> file.getParent().equals(csv.resolve(section)))
                        .filter(file -> file.getFileName().toString().matches("\\w+\\Q" + suffix + "\\E"))
                        .toList();
                assertThat(found).hasSize(1);
                assertThat(Files.readString(found.getFirst()).replace(api.url().toString(), undisturbedApi))
                        .isEqualTo(Files.readString(App.file(undisturbed, section, suffix)));
            }
            boolean allWell = App.errors(undisturbed, section).isEmpty();
            assertThat(App.files(csv.resolve(section)).size() == 2)
                    .as("only failed URLs leave parts")
                    .isEqualTo(allWell);
        }
    }

    private static void assertLedgerAgrees(JdbcClient ledger, Iterable<ObjectNode> documents) {
        assertThat(texts(ledger, "select state from batch")).containsExactly("completed");
        for (String section : SamplePeople.SECTIONS) {
            assertThat(texts(ledger, "select state from run where indexer = '" + section + "'"))
                    .containsExactly("completed");
            List<Long> counts = ledger.sql(
                            "select count(*) chunks, count(done) done, sum(urls) urls, sum(documents) documents, sum(errors) errors"
                                    + " from chunk where indexer = ?")
                    .param(section)
                    .query((row, number) -> List.of(
                            row.getLong("chunks"),
                            row.getLong("done"),
                            row.getLong("urls"),
                            row.getLong("documents"),
                            row.getLong("errors")))
                    .single();
            long failed = texts(ledger, "select url from failed_url where indexer = '" + section + "'")
                    .size();
            long indexed = 0;
            for (ObjectNode document : documents) {
                indexed += document.has(section) ? 1 : 0;
            }
            assertThat(counts)
                    .as(section)
                    .containsExactly((long) CHUNKS, (long) CHUNKS, (long) PEOPLE, indexed, failed);
            assertThat(indexed + failed).isEqualTo(PEOPLE);
        }
    }

    private static FaultyApi faultyApi() {
        FaultyApi api = new FaultyApi(SamplePeople.madeUp(PEOPLE)).withEtags();
        for (int i = 0; i < PEOPLE; i += 50) {
            api.always(FaultyApi.path("p" + i, "patents"), instead(Replies.error(404)));
            api.always(FaultyApi.path("p" + (i + 7), "geography"), instead(Replies.error(500)));
            api.first(
                    FaultyApi.path("p" + (i + 9), "functions"), instead(Replies.reset()), instead(Replies.error(503)));
        }
        return api;
    }

    private static String[] arguments(FaultyApi api) {
        return new String[] {
            "--colleagues.apis.default.base-url=" + api.url(),
            "--colleagues.apis.default.retry.attempts=3",
            "--colleagues.apis.default.retry.first-delay=10ms",
            "--colleagues.indexing.batch-size=10"
        };
    }

    private static String[] once(String... arguments) {
        return Stream.concat(Stream.of("--once"), Stream.of(arguments)).toArray(String[]::new);
    }

    private static List<String> texts(JdbcClient ledger, String query) {
        return ledger.sql(query).query((row, number) -> row.getString(1)).list();
    }
}
