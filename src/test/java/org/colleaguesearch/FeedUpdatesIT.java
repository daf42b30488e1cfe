package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/** A bulk feed that can be asked for what has changed since a time. */
@Timeout(600)
class FeedUpdatesIT {
    private static final int PEOPLE = 30;
    private static final String EVERYTHING = "1970-01-01T00:00:00Z";

    /** Below the working folder, as own routes must be. */
    private final Path site = Path.of("target", "it-feed-updates");

    private final List<String> since = new CopyOnWriteArrayList<>();
    /** The items of the next response, JSON. */
    private volatile String items = all(1);

    private final ScriptedServer api = new ScriptedServer(this::answer);

    @TempDir
    Path folder;

    @AfterEach
    void close() throws IOException {
        api.close();
        FileSystemUtils.deleteRecursively(site);
    }

    @Test
    void replacesTheSectionsOfPeopleWhoComeAndLeavesTheOthers() throws IOException {
        declare("7d");
        Index index = new Index("it-feed-updates");
        try (App app = App.start(folder, arguments(index))) {
            Instant before = Instant.now();
            Batch first = app.runBatch("test");
            assertThat(since).containsExactly(EVERYTHING);
            assertThat(run(first).counts().documents()).isEqualTo(PEOPLE);
            Map<String, ObjectNode> documents = index.documents();

            // {since} has no fractions of a second.
            Instant next = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
            await().until(() -> Instant.now().isAfter(next));
            items = item(3, 2) + "," + item(99, 2);
            Batch second = app.runBatch("test");

            assertThat(Duration.between(Instant.parse(since.get(1)), before))
                    .isBetween(Duration.ofMinutes(29), Duration.ofMinutes(31));
            assertThat(run(second).state()).isEqualTo(State.COMPLETED);
            assertThat(run(second).counts().documents()).isOne();
            assertThat(run(second).counts().unchanged()).isEqualTo(PEOPLE - 1);
            documents.get("3").set("visits", index.documents().get("3").get("visits"));
            assertThat(index.documents()).isEqualTo(documents);
            assertThat(documents.get("3").at("/visits/0/room").asInt()).isEqualTo(2);
            assertThat(csv(second)).isEqualTo(csv(first).replace("\r\n3,1\r\n", "\r\n3,2\r\n"));

            items = "";
            Batch third = app.runBatch("test");

            assertThat(run(third).counts().unchanged()).isEqualTo(PEOPLE);
            assertThat(csv(third)).isEqualTo(csv(second));
            assertThat(Instant.parse(since.get(2))).isAfter(Instant.parse(since.get(1)));

            items = all(5);
            Batch full = app.runFullBatch("test");

            assertThat(since.get(3)).isEqualTo(EVERYTHING);
            assertThat(run(full).counts().documents()).isEqualTo(PEOPLE);
        }
    }

    @Test
    void readsEverythingAgainAfterAWhile() throws IOException {
        declare("1ms");
        App.once(folder, arguments(new Index("it-feed-full")));

        App.once(folder, arguments(new Index("it-feed-full")));

        assertThat(since).containsExactly(EVERYTHING, EVERYTHING);
    }

    /** It would wipe the index. */
    @Test
    void holdsWhatAnEmptyFeedWouldEmpty() throws IOException {
        declare("1ms");
        Index index = new Index("it-feed-empty");
        App.once(folder, arguments(index));
        Map<String, ObjectNode> documents = index.documents();
        items = "";

        Batch second = App.once(folder, arguments(index));

        assertThat(run(second).state()).isEqualTo(State.HELD);
        assertThat(index.documents()).isEqualTo(documents);
    }

    /** And it is not shown as under way until the next trigger. */
    @Test
    void feedThatCannotBeReadPausesItsRun() throws IOException {
        declare("7d");
        items = null;

        Batch batch = App.once(
                folder,
                Stream.concat(
                                Stream.of(arguments(new Index("it-feed-failing"))),
                                Stream.of(
                                        "--colleagues.apis.default.retry.attempts=1",
                                        "--colleagues.apis.default.patience=1s"))
                        .toArray(String[]::new));

        assertThat(run(batch).state()).isEqualTo(State.PAUSED);
        assertThat(run(batch).failure()).contains("HTTP 500");
        assertThat(JdbcClient.create(new DriverManagerDataSource(
                                "jdbc:h2:file:" + folder.resolve("ledger") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE"))
                        .sql("select state from run union all select state from batch")
                        .query(String.class)
                        .list())
                .containsExactly("paused", "paused");

        items = all(1);
        try (App app = App.start(folder, arguments(new Index("it-feed-failing")))) {
            assertThat(app.resume())
                    .singleElement()
                    .satisfies(resumed -> assertThat(run(resumed).state()).isEqualTo(State.COMPLETED));
        }
    }

    private void declare(String fullEvery) throws IOException {
        Path file = site.resolve("indexers/visits.camel.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                - templatedRoute:
                    routeId: index-visits
                    routeTemplateRef: index-chunk
                    parameters:
                      - name: indexer
                        value: visits
                      - name: url
                        value: /visits?updated_since={since}
                      - name: each
                        value: .visits
                      - name: person
                        value: .who
                      - name: section
                        value: '[.[] | {room}]'
                      - name: overlap
                        value: 30m
                      - name: fullEvery
                        value: %s
                      - name: columns
                        value: room
                """.formatted(fullEvery));
    }

    private String[] arguments(Index index) {
        return index.arguments(
                "--colleagues.apis.default.base-url=" + api.url(),
                "--colleagues.routes.folders=" + site,
                "--colleagues.indexing.only=visits",
                "--colleagues.indexing.batch-size=7");
    }

    private static Run run(Batch batch) {
        return batch.runs().getFirst();
    }

    private String csv(Batch batch) throws IOException {
        return Files.readString(folder.resolve("csv/visits").resolve(batch.id() + ".csv"));
    }

    private static String all(int room) {
        return IntStream.range(0, PEOPLE).mapToObj(i -> item(i, room)).collect(Collectors.joining(","));
    }

    private static String item(int person, int room) {
        return "{\"who\":%d,\"room\":%d}".formatted(person, room);
    }

    private Reply answer(Request request) {
        if (request.target().startsWith("/people?")) {
            return Replies.json(IntStream.range(0, PEOPLE)
                    .mapToObj(i -> "{\"id\":%d,\"name\":\"Person %d\"}".formatted(i, i))
                    .collect(Collectors.joining(",", "{\"items\":[", "],\"next\":null}")));
        }
        since.add(request.target().replaceFirst(".*updated_since=", "").replace("%3A", ":"));
        return items == null ? Replies.error(500) : Replies.json("{\"visits\":[" + items + "]}");
    }
}
