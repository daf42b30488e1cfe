package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Batches over data of which little or nothing has changed since the batch before. */
@Timeout(600)
class UnchangedSectionsIT {
    private static final int PEOPLE = 40;

    private final Map<String, Integer> versions = new ConcurrentHashMap<>();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final List<String> statuses = new ArrayList<>();
    private volatile boolean hasEtags = true;
    private final ScriptedServer api = new ScriptedServer(this::answer);

    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        IntStream.range(0, PEOPLE).forEach(i -> {
            versions.put("p" + i, 1);
            names.put("p" + i, "Person " + i);
        });
    }

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void asksOnlyForWhatHasChangedAndDeliversOnlyThat() throws IOException {
        Index index = new Index("it-unchanged");
        try (App app = App.start(folder, arguments(index))) {
            Batch first = app.runBatch("test");
            assertThat(statuses("200")).isEqualTo(PEOPLE);
            assertThat(counts(first)).isEqualTo("urls 40, documents 40, unchanged 0, rows 80, errors 0");
            Map<String, ObjectNode> before = index.documentsWithFetches();
            assertThat(before.get("p7").at("/fetched/patents/batch").textValue())
                    .isEqualTo(first.id());
            assertThat(before.get("p7").at("/fetched/patents/at").textValue()).matches("\\d{4}-.*Z");
            Map<String, Long> sequence = sequence(index);

            Batch second = app.runBatch("test");

            assertThat(statuses("304")).isEqualTo(PEOPLE);
            assertThat(counts(second)).isEqualTo("urls 40, documents 0, unchanged 40, rows 80, errors 0");
            assertThat(sequence(index)).isEqualTo(sequence);
            assertThat(csv(second)).isEqualTo(csv(first));

            versions.put("p7", 2);
            names.put("p8", "Another name");
            Batch third = app.runBatch("test");

            assertThat(statuses("304")).isEqualTo(PEOPLE - 1);
            assertThat(statuses("200")).isOne();
            assertThat(counts(third)).isEqualTo("urls 40, documents 2, unchanged 38, rows 80, errors 0");
            Map<String, ObjectNode> after = index.documentsWithFetches();
            assertThat(after.get("p7").at("/patents/0/title").textValue()).isEqualTo("A 2 of p7");
            assertThat(after.get("p7").at("/fetched/patents/batch").textValue()).isEqualTo(third.id());
            assertThat(after.get("p8").get("name").textValue()).isEqualTo("Another name");
            assertThat(after.get("p9")).isEqualTo(before.get("p9"));
        }
    }

    @Test
    void comparesTheSectionsOfAnApiWithoutEtags() throws IOException {
        hasEtags = false;
        Index index = new Index("it-unchanged-hash");
        try (App app = App.start(folder, arguments(index))) {
            Batch first = app.runBatch("test");
            versions.put("p3", 2);

            Batch second = app.runBatch("test");

            assertThat(statuses("200")).isEqualTo(2 * PEOPLE);
            assertThat(counts(second)).isEqualTo("urls 40, documents 1, unchanged 39, rows 80, errors 0");
            assertThat(csv(second))
                    .isEqualTo(csv(first).replace("A 1 of p3,", "A 2 of p3,").replace("B 1 of p3,", "B 2 of p3,"));
        }
    }

    /** The API answers 304 all the same. */
    @Test
    void deliversEverythingToAnIndexThatDoesNotHaveIt() throws IOException {
        Index index = new Index("it-unchanged-gone");
        try (App app = App.start(folder, arguments(index))) {
            app.runBatch("test");
        }
        Map<String, ObjectNode> before = index.documents();
        Index.call("DELETE", "/it-unchanged-gone-v3", "");

        Batch second = App.once(folder, arguments(index));

        assertThat(statuses("304")).isEqualTo(PEOPLE);
        assertThat(counts(second)).isEqualTo("urls 40, documents 40, unchanged 0, rows 80, errors 0");
        assertThat(index.documents()).isEqualTo(before);
        assertThat(counts(App.once(folder, arguments(index))))
                .isEqualTo("urls 40, documents 0, unchanged 40, rows 80, errors 0");
        assertThat(statuses("304")).isEqualTo(PEOPLE);
    }

    @Test
    void fullBatchReadsAndDeliversEverything() throws IOException {
        Index index = new Index("it-unchanged-full");
        try (App app = App.start(folder, arguments(index))) {
            app.runBatch("test");
            statuses.clear();

            Batch full = app.runFullBatch("test");

            assertThat(statuses("200")).isEqualTo(PEOPLE);
            assertThat(counts(full)).isEqualTo("urls 40, documents 40, unchanged 0, rows 80, errors 0");
        }
    }

    /** The response is the same, but what the indexer makes of it is not. */
    @Test
    void readsEverythingAfterAChangeOfTheIndexer() throws IOException {
        try (App app = App.start(folder, withoutIndex())) {
            app.runBatch("test");
        }
        ledger().sql("update section set definition = 'of another indexer'").update();
        statuses.clear();

        Batch second = App.once(folder, withoutIndex());

        assertThat(statuses("200")).isEqualTo(PEOPLE);
        assertThat(counts(second)).isEqualTo("urls 40, documents 0, unchanged 40, rows 80, errors 0");
    }

    @Test
    void databaseAloneHasTheItemsOfThePeopleInTheList() {
        App.once(folder, withoutIndex("--colleagues.deliver-to=database"));
        versions.remove("p5");
        names.remove("p5");

        Batch batch = App.once(folder, withoutIndex("--colleagues.deliver-to=database"));

        assertThat(counts(batch)).isEqualTo("urls 39, documents 0, unchanged 39, rows 0, errors 0");
        assertThat(App.files(folder.resolve("csv"))).isEmpty();
        List<Map<String, Object>> items = ledger().sql("select * from item order by person_id, position")
                .query()
                .listOfRows();
        assertThat(items).hasSize(2 * (PEOPLE - 1));
        assertThat(items.getFirst())
                .containsEntry("person_id", "p0")
                .containsEntry("indexer", "patents")
                .containsEntry("item", "{\"number\":\"1-p0\",\"title\":\"A 1 of p0\",\"date\":\"2026-01-01\"}");
        assertThat(items).extracting(row -> row.get("person_id")).doesNotContain("p5");
    }

    private JdbcClient ledger() {
        return JdbcClient.create(new DriverManagerDataSource(
                "jdbc:h2:file:" + folder.resolve("ledger") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE"));
    }

    private static String counts(Batch batch) {
        Run run = batch.runs().getFirst();
        assertThat(run.state()).isEqualTo(State.COMPLETED);
        return "urls %d, documents %d, unchanged %d, rows %d, errors %d"
                .formatted(
                        run.counts().urls(),
                        run.counts().documents(),
                        run.counts().unchanged(),
                        run.counts().rows(),
                        run.counts().errors());
    }

    private String csv(Batch batch) throws IOException {
        return Files.readString(folder.resolve("csv/patents").resolve(batch.id() + ".csv"));
    }

    /** Which write each document comes from: it changes when the document is written, changed or not. */
    private static Map<String, Long> sequence(Index index) {
        JsonNode found = Index.call(
                "POST",
                "/" + index.alias() + "/_search",
                "{\"size\":1000,\"seq_no_primary_term\":true,\"_source\":false}");
        return found.at("/hits/hits").findValues("_id").isEmpty()
                ? Map.of()
                : java.util.stream.StreamSupport.stream(found.at("/hits/hits").spliterator(), false)
                        .collect(Collectors.toMap(
                                hit -> hit.get("_id").textValue(),
                                hit -> hit.get("_seq_no").longValue()));
    }

    /** How many sections were answered with a status since the last question. */
    private long statuses(String status) {
        synchronized (statuses) {
            long count = statuses.stream().filter(status::equals).count();
            statuses.removeIf(status::equals);
            return count;
        }
    }

    private String[] arguments(Index index) {
        return index.arguments(withoutIndex());
    }

    private String[] withoutIndex(String... others) {
        List<String> all = new ArrayList<>(List.of(
                "--colleagues.apis.default.base-url=" + api.url(),
                "--colleagues.indexing.only=patents",
                "--colleagues.indexing.batch-size=15"));
        all.addAll(List.of(others));
        return all.toArray(String[]::new);
    }

    private Reply answer(Request request) {
        if (request.target().startsWith("/people?")) {
            return Replies.json(names.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(person -> "{\"id\":\"%s\",\"name\":\"%s\"}".formatted(person.getKey(), person.getValue()))
                    .collect(Collectors.joining(",", "{\"items\":[", "],\"next\":null}")));
        }
        String id = request.target().split("/", -1)[2];
        String etag = "\"" + versions.get(id) + "\"";
        boolean isKnown = hasEtags && etag.equals(request.headers().get("if-none-match"));
        synchronized (statuses) {
            statuses.add(isKnown ? "304" : "200");
        }
        if (isKnown) {
            return connection -> connection.write("HTTP/1.1 304 Not Modified\r\nETag: " + etag + "\r\n\r\n");
        }
        String body = """
                {"id":"%1$s","patents":[{"number":"1-%1$s","title":"A %2$d of %1$s","date":"2026-01-01"},\
                {"number":"2-%1$s","title":"B %2$d of %1$s","date":"2026-01-02"}]}""".formatted(id, versions.get(id));
        return connection -> connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                + (hasEtags ? "ETag: " + etag + "\r\n" : "") + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }
}
