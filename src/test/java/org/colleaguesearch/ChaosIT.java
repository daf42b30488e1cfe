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
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.colleaguesearch.FaultyApi.Fault;
import org.colleaguesearch.Packaged.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Kills at random moments, be it in the start, the listing, a run or at its end, change nothing of what a batch brings
 * in the end. {@code bench/chaos} is the long form, which kills OpenSearch as well. The moments follow from the seed in
 * the log; to see them again, set it as the system property {@code chaos.seed}.
 */
@Timeout(600)
class ChaosIT {
    private static final Logger LOG = LoggerFactory.getLogger(ChaosIT.class);
    private static final int PEOPLE = 520;
    private static final int CHUNKS = PEOPLE / 10;
    private static final int URLS = PEOPLE * People.SECTIONS.size();
    private static final int KILLS = 2;

    private final List<ObjectNode> people = People.madeUp(PEOPLE);
    private final Index index = new Index("it-chaos");

    @TempDir
    Path folder;

    private Packaged application;

    @BeforeEach
    void layOut() throws IOException {
        application = Packaged.unpackedIn(folder.resolve("application"));
    }

    @Test
    void killsAtRandomMomentsChangeNothing() throws Exception {
        long seed = Long.getLong("chaos.seed", System.nanoTime());
        LOG.info("chaos.seed {}", seed);
        Random random = new Random(seed);
        try (FaultyApi api = faultyApi(people, random).after(Duration.ofMillis(30))) {
            String[] arguments = index.arguments(arguments(api));
            // The first at any moment from the launch on, the others after any number of calls.
            killAfter(Duration.ofMillis(random.nextInt(6_000)), 0, api, arguments);
            for (int kill = 2; kill <= KILLS; kill++) {
                killAfter(Duration.ofMillis(random.nextInt(500)), 1 + random.nextInt(URLS / 2), api, arguments);
            }
            Ended ended = application.run(once(arguments));
            assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();

            // In a process, too: an application in this JVM would mix with those of other tests.
            Ended undisturbed = Packaged.unpackedIn(folder.resolve("undisturbed"))
                    .run(Stream.concat(
                                    Stream.of(once(arguments(api))),
                                    Stream.of(
                                            "--colleagues.deliver-to=csv",
                                            "--colleagues.csv.folder=" + folder.resolve("undisturbed/csv")))
                            .toArray(String[]::new));
            assertThat(undisturbed.exitCode()).as(undisturbed.out()).isZero();
        }
        assertEndedAsUndisturbed();
    }

    /** Starts the application, and kills it that long after so many calls, unless it has ended before. */
    private void killAfter(Duration time, int calls, FaultyApi api, String... arguments) throws Exception {
        int before = made(api);
        Process process = application.start(once(arguments));
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> made(api) >= before + calls || !process.isAlive());
            boolean ended = process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("{} after {} calls", ended ? "ended" : "killed", made(api) - before);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        // 128 + SIGKILL.
        assertThat(process.exitValue())
                .as(application.out() + application.err())
                .isIn(0, 137);
    }

    private static int made(FaultyApi api) {
        return api.calls().values().stream().mapToInt(Integer::intValue).sum();
    }

    /** A kill that came late has left a completed batch, and the next start has begun another one: all are to be right. */
    private void assertEndedAsUndisturbed() throws IOException {
        Map<String, ObjectNode> served = new TreeMap<>();
        people.forEach(person -> served.put(person.get("id").textValue(), person));
        assertThat(index.documents()).isEqualTo(served);

        JdbcClient ledger = JdbcClient.create(new DriverManagerDataSource(
                "jdbc:h2:file:" + folder.resolve("application/data/ledger") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
                "",
                ""));
        List<String> batches =
                ledger.sql("select id from batch").query(String.class).list();
        assertThat(batches).isNotEmpty();
        assertThat(ledger.sql("select distinct state from batch")
                        .query(String.class)
                        .list())
                .containsExactly("completed");
        for (String section : People.SECTIONS) {
            Path csv = folder.resolve("application/out/csv").resolve(section);
            List<String> files = new ArrayList<>();
            for (String batch : batches) {
                for (String suffix : List.of(".csv", ".errors.csv")) {
                    files.add(batch + suffix);
                    assertThat(Files.readString(csv.resolve(batch + suffix)))
                            .as(section + suffix)
                            .isEqualTo(Files.readString(App.file(folder.resolve("undisturbed"), section, suffix)));
                }
                assertThat(counts(ledger, batch, section))
                        .as(section)
                        .containsExactly(CHUNKS, CHUNKS, PEOPLE, PEOPLE, (int) People.items(people, section), 0);
            }
            assertThat(application.files("out/csv/" + section))
                    .as("no part is left")
                    .hasSameElementsAs(files);
        }
    }

    /** Chunks, chunks done, URLs, documents, rows and errors. */
    private static List<Integer> counts(JdbcClient ledger, String batch, String section) {
        return ledger.sql("select count(*), count(done), sum(urls), sum(documents), sum(csv_rows), sum(errors)"
                        + " from chunk where batch_id = ? and indexer = ?")
                .params(batch, section)
                .query((row, number) -> List.of(
                        row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5), row.getInt(6)))
                .single();
    }

    /** Of URLs, one in ten fails at first, in one way or another. */
    private static FaultyApi faultyApi(List<ObjectNode> people, Random random) {
        FaultyApi api = new FaultyApi(people);
        List<Fault> faults =
                List.of(instead(Replies.error(503)), instead(Replies.reset()), instead(Replies.cutOff("{\"id\":")));
        for (int i = 0; i < URLS / 10; i++) {
            String section = People.SECTIONS.get(random.nextInt(People.SECTIONS.size()));
            api.first(FaultyApi.path("p" + random.nextInt(PEOPLE), section), faults.get(random.nextInt(faults.size())));
        }
        return api;
    }

    private static String[] arguments(FaultyApi api) {
        return new String[] {
            "--colleagues.api.base-url=" + api.url(),
            "--colleagues.api.retry.first-delay=10ms",
            "--colleagues.indexing.batch-size=10"
        };
    }

    private static String[] once(String... arguments) {
        return Stream.concat(Stream.of("--once"), Stream.of(arguments)).toArray(String[]::new);
    }
}
