package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.indexing.WrittenItems;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.colleaguesearch.source.ResponseMemory;
import org.colleaguesearch.source.ResponseMemory.Room;
import org.colleaguesearch.source.RunCalls;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ExportFilesTest {
    private static final String BATCH = "20260101T020000000Z";

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    @TempDir
    Path folder;

    private ExportFiles files;

    @BeforeEach
    void makeFiles() {
        files = files("1GB");
    }

    private ExportFiles files(String maxSize) {
        return files(maxSize, "10GB");
    }

    private ExportFiles files(String maxSize, String maxSizePerKey) {
        Settings settings = settings(maxSize, maxSizePerKey);
        return files(settings, new ResponseMemory(settings.apis().get(Settings.DEFAULT_API)));
    }

    private Settings settings(String maxSize, String maxSizePerKey) {
        return ShippedSettings.with(
                "colleagues.export.folder=" + folder,
                "colleagues.export.max-size=" + maxSize,
                "colleagues.export.max-size-per-key=" + maxSizePerKey);
    }

    private ExportFiles files(Settings settings, ResponseMemory memory) {
        return new ExportFiles(
                new FolderStore(folder, settings.files().readableBy()),
                settings,
                new CsvDialect(settings),
                database.chunks(),
                database.exports(),
                database.database(),
                memory);
    }

    @Test
    void joinsPartsInUrlOrder() throws IOException {
        accept(null, "http://a", "http://b", "http://c");
        files.write(chunk(3, fetched("http://c", "[{\"n\":3,\"late\":true}]")));
        files.write(
                chunk(1, fetched("http://a", "[{\"n\":1,\"t\":\"x, \\\"y\\\"\\n\"},{\"t\":null,\"m\":{\"k\":[1]}}]")));
        files.write(chunk(2, fetched("http://b", "[]")));

        files.join(BATCH);

        assertThat(read("result.jsonl")).isEqualTo("""
                {"url":"http://a","item":{"n":1,"t":"x, \\"y\\"\\n"}}
                {"url":"http://a","item":{"t":null,"m":{"k":[1]}}}
                {"url":"http://c","item":{"n":3,"late":true}}
                """);
        // Without requested columns, those of the first part that has items.
        assertThat(read("result.csv")).isEqualTo("""
                url,n,t,m\r
                http://a,1,"x, ""y""
                ",\r
                http://a,,,"{""k"":[1]}"\r
                http://c,3,,\r
                """);
        assertThat(read("errors.csv")).isEqualTo("url,reason,status,attempts\r\n");
    }

    @Test
    void takesColumnsOfTheFirstPartThatHasAny() throws IOException {
        accept(null, "http://a", "http://b", "http://c");
        files.write(chunk(1, failed("http://a")));
        files.write(chunk(2, fetched("http://b", "[{}]")));
        files.write(chunk(3, fetched("http://c", "[{\"b\":1},{\"a\":2}]")));

        files.join(BATCH);

        assertThat(read("result.csv")).isEqualTo("url,b,a\r\nhttp://b,,\r\nhttp://c,1,\r\nhttp://c,,2\r\n");
    }

    @Test
    void takesRequestedColumns() throws IOException {
        accept("[\"b\",\"none\",\"a\",\"b\",\"url\"]", "http://a");
        files.write(chunk(1, fetched("http://a", "[{\"a\":1,\"b\":2,\"c\":3,\"url\":\"inner\"}]")));

        files.join(BATCH);

        assertThat(read("result.csv")).isEqualTo("url,b,none,a\r\nhttp://a,2,,1\r\n");
        assertThat(read("result.jsonl"))
                .isEqualTo("{\"url\":\"http://a\",\"item\":{\"a\":1,\"b\":2,\"c\":3,\"url\":\"inner\"}}\n");
    }

    @Test
    void takesAtMost200Columns() throws IOException {
        accept(null, "http://a");
        StringBuilder item = new StringBuilder("{\"f0\":0");
        for (int i = 1; i < 1_000; i++) {
            item.append(",\"f").append(i).append("\":").append(i);
        }
        files.write(chunk(1, fetched("http://a", "[" + item + "}]")));

        files.join(BATCH);

        assertThat(read("result.csv").lines().findFirst().orElseThrow().split(","))
                .hasSize(201);
    }

    @Test
    void neutralisesFormulas() throws IOException {
        accept(null, "http://a");
        files.write(chunk(1, fetched("http://a", "[{\"=cmd\":\"@SUM(A1)\",\"n\":-1}]")));

        files.join(BATCH);

        assertThat(read("result.csv")).isEqualTo("url,'=cmd,n\r\nhttp://a,'@SUM(A1),-1\r\n");
    }

    @Test
    void jobWithoutItemsHasHeadersOnly() throws IOException {
        accept(null, "http://a");

        files.join(BATCH);

        assertThat(read("result.csv")).isEqualTo("url\r\n");
        assertThat(read("result.jsonl")).isEmpty();
    }

    /** A URL that occurs several times is listed each time. */
    @Test
    void listsFailedUrlsInOrder() throws IOException {
        accept(null, "http://a", "http://b", "http://a");
        ChunkOutcomes failed = chunk(
                1,
                failed("http://a"),
                failed("http://b"),
                new Failed(new Call(new Person("2", "http://a"), "http://a"), "=timed, out", null, 5));
        database.chunks().begin(failed.chunk());
        database.chunks().end(failed, new Counts(3, 0, 0, 3, 7), Instant.now());

        files.join(BATCH);

        assertThat(read("errors.csv")).isEqualTo("""
                url,reason,status,attempts\r
                http://a,HTTP 404 Not Found,404,1\r
                http://b,HTTP 404 Not Found,404,1\r
                http://a,"'=timed, out",,5\r
                """);
    }

    @Test
    void replacesThePartOfAnEarlierAttempt() throws IOException {
        accept(null, "http://a");
        files.write(chunk(1, fetched("http://a", "[{\"n\":1},{\"n\":2},{\"n\":3}]")));
        files.write(chunk(1, failed("http://a")));

        files.join(BATCH);

        assertThat(read("result.jsonl")).isEmpty();
    }

    /** The export may have to be joined again after a crash. */
    @Test
    void keepsPartsUntilTheyAreDropped() throws IOException {
        accept(null, "http://a");
        files.write(chunk(1, fetched("http://a", "[{\"n\":1}]")));
        files.join(BATCH);
        files.join(BATCH);
        assertThat(files.chunksWithParts(BATCH)).containsExactly(1);

        files.dropParts(BATCH);

        assertThat(files.chunksWithParts(BATCH)).isEmpty();
        assertThat(folder.resolve(BATCH)).isDirectoryContaining("glob:**.csv");
        assertThat(read("result.csv")).isEqualTo("url,n\r\nhttp://a,1\r\n");
        files.delete(BATCH);
        assertThat(folder.resolve(BATCH)).doesNotExist();
        files.delete(BATCH);
    }

    @Test
    void limitsTheSizeOfAllParts() throws IOException {
        ExportFiles small = files("100B");
        accept(null, "http://a", "http://b");
        small.write(chunk(1, fetched("http://a", "[{\"n\":\"%s\"}]".formatted("x".repeat(50)))));
        // Replaces the earlier part instead of adding to it.
        small.write(chunk(1, fetched("http://a", "[{\"n\":\"%s\"}]".formatted("y".repeat(50)))));

        assertThatThrownBy(() -> small.write(chunk(2, fetched("http://b", "[{\"n\":1}]"))))
                .isInstanceOf(NotDeliverable.class)
                .hasMessage("result.jsonl exceeds colleagues.export.max-size, 100 bytes: request less data");
    }

    @Test
    void keepsItemsOfUrlsUntilTheirChunkIsDelivered() throws IOException {
        accept(null, "http://a", "http://b", "http://c");
        String large = "x".repeat(20_000);
        files.begin(BATCH);
        Chunk chunk = chunkOf(1, "http://a", "http://b", "http://c");
        Outcome third = written(chunk, 2, "[{\"n\":3}]");
        Outcome first = written(chunk, 0, "[{\"n\":\"" + large + "\"},{\"n\":2}]");
        Outcome second = written(chunk, 1, "[]");
        assertThat(items()).hasSize(1);

        files.write(new ChunkOutcomes(chunk, List.of(first, second, third)));
        files.join(BATCH);

        assertThat(items()).isEmpty();
        assertThat(read("result.jsonl")).isEqualTo("""
                {"url":"http://a","item":{"n":"%s"}}
                {"url":"http://a","item":{"n":2}}
                {"url":"http://c","item":{"n":3}}
                """.formatted(large));
        assertThat(files.sizeOfKey("key")).isEqualTo(size(folder));
    }

    /** Each line repeats the URL, so a small response may make a large file. */
    @Test
    void limitsTheSizeOfItems() throws IOException {
        ExportFiles small = files("50KB");
        accept(null, "http://a");
        small.begin(BATCH);
        Chunk chunk = chunkOf(1, "http://a" + "x".repeat(500));
        JsonNode items = Outcomes.json("[" + "{},".repeat(10_000) + "{}]");

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> small.writeItems(chunk, items, 0))
                    .isInstanceOf(NotDeliverable.class)
                    .hasMessage("result.jsonl exceeds colleagues.export.max-size, 51200 bytes: request less data");

            assertThat(allFiles()).isEmpty();
            assertThat(small.sizeOfKey("key")).isZero();
        }
        assertThat(small.writeItems(chunk, Outcomes.json("[{}]"), 0)).isInstanceOf(WrittenItems.class);
    }

    @Test
    void manyThreadsDoNotExceedTheLimit() throws Exception {
        ExportFiles small = files("500KB");
        accept(null, "http://a");
        small.begin(BATCH);
        JsonNode items = Outcomes.json("[" + "{},".repeat(5_000) + "{}]");
        List<Thread> threads = new ArrayList<>();
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            Chunk chunk = chunkOf(i + 1, "http://a");
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    small.writeItems(chunk, items, 0);
                } catch (IOException | NotDeliverable e) {
                    refused.incrementAndGet();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(refused).hasValueBetween(17, 19);
        assertThat(size(folder)).isBetween(145_000L, 512_000L).isEqualTo(small.sizeOfKey("key"));
    }

    @Test
    void countsAllFilesOfAKey() throws IOException {
        acceptAs("key", "b1", "1");
        acceptAs("key", "b2", "2");
        acceptAs("other", "b3", "3");
        String items = "[{\"n\":\"" + "x".repeat(1_000) + "\"}]";
        complete("b1", items);
        complete("b2", items);
        complete("b3", items);
        long size = files.sizeOfKey("key");
        assertThat(size)
                .isEqualTo(size(folder.resolve("b1")) + size(folder.resolve("b2")))
                .isBetween(4_000L, 5_000L);

        // As after a restart.
        assertThat(files("1GB").sizeOfKey("key")).isEqualTo(size);

        files.delete("b1");
        assertThat(files.sizeOfKey("key")).isEqualTo(size / 2);
        files.delete("b1");
        files.delete("b2");
        assertThat(files.sizeOfKey("key")).isZero();
        assertThat(files.sizeOfKey("other")).isEqualTo(size / 2);
        assertThat(files.sizeOfKey("none")).isZero();
    }

    @Test
    void failsAJobThatWouldExceedTheLimitOfItsKey() throws IOException {
        ExportFiles small = files("1GB", "10KB");
        acceptAs("key", "b1", "1");
        acceptAs("other", "b2", "2");
        String items = "[{\"n\":\"" + "x".repeat(4_000) + "\"}]";
        // The parts and two files are about the same size.
        small.write(chunk("b1", items));
        assertThatThrownBy(() -> small.join("b1"))
                .isInstanceOf(NotDeliverable.class)
                .hasMessageStartingWith("the export files of this API key would exceed"
                        + " colleagues.export.max-size-per-key, 10240 bytes: delete exports");
        assertThat(folder.resolve("b1/result.csv")).doesNotExist();
        assertThat(small.sizeOfKey("key")).isEqualTo(size(folder.resolve("b1")));
        small.delete("b1");

        small.write(chunk("b2", items));
        assertThat(small.sizeOfKey("key")).isZero();
    }

    /** Leftovers of an earlier attempt do not count against the limit. */
    @Test
    void resumedJobKeepsItsDoneChunks() throws IOException {
        accept(null, "http://a", "http://b", "http://c");
        files.begin(BATCH);
        Chunk chunk = chunkOf(3, "http://c");
        Outcome ignored = written(chunk, 0, "[{\"n\":\"" + "x".repeat(20_000) + "\"}]");
        ChunkOutcomes done = chunk(1, fetched("http://a", "[{\"n\":1}]"));
        files.write(done);
        database.chunks().begin(done.chunk());
        database.chunks().end(done, new Counts(1, 0, 1, 0, 1), Instant.now());
        files.write(chunk(2, fetched("http://b", "[{\"n\":2}]")));

        for (ExportFiles each : List.of(files, files("1GB"))) {
            each.begin(BATCH);

            assertThat(allFiles())
                    .extracting(Path::getFileName)
                    .extracting(Path::toString)
                    .containsExactly("000000001.jsonl");
            assertThat(each.sizeOfKey("key")).isEqualTo(size(folder));
        }
    }

    @Test
    void cancelEndsTheJoin() throws IOException {
        accept(null, "http://a");
        files.write(chunk(1, fetched("http://a", "[{\"n\":1}]")));

        files.stop(BATCH);

        assertThatThrownBy(() -> files.join(BATCH)).hasMessage("the export was cancelled");
        assertThat(file("errors.csv")).doesNotExist();
    }

    @Test
    void cancelEndsAJoinThatWaitsForMemory() throws InterruptedException, IOException {
        Settings settings = settings("1GB", "10GB");
        ResponseMemory memory = new ResponseMemory(settings.apis().get(Settings.DEFAULT_API));
        ExportFiles waits = files(settings, memory);
        accept(null, "http://a");
        waits.write(chunk(1, fetched("http://a", "[{\"n\":\"%s\"}]".formatted("x".repeat(100_000)))));
        Room all = memory.room(Long.MAX_VALUE, new RunCalls());
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread join = Thread.ofPlatform().start(() -> {
            try {
                waits.join(BATCH);
            } catch (IOException | PausedException e) {
                failure.set(e);
            }
        });
        await().until(() -> Files.exists(file("result.jsonl")));
        await().until(() -> join.getState() == Thread.State.TIMED_WAITING);

        waits.stop(BATCH);

        join.join();
        assertThat(failure.get()).isInstanceOf(PausedException.class);
        assertThat(file("result.csv")).doesNotExist();
        all.close();
    }

    /** As after a lost lease: restarting the job would query the database while the writer holds memory. */
    @Test
    void writesNoItemsOfAnExportThatIsNotRunning() throws IOException {
        accept(null, "http://a");
        files.begin(BATCH);
        files.forgetSizes();

        assertThatThrownBy(() -> files.writeItems(chunkOf(1, "http://a"), Outcomes.json("[{}]"), 0))
                .isInstanceOf(PausedException.class);
        assertThat(allFiles()).isEmpty();
    }

    /** Bytes counted in memory that never reached the disk do not count. */
    @Test
    void pausedExportCountsItsSizeOnDisk() throws IOException {
        accept(null, "http://a");
        files.begin(BATCH);
        Chunk chunk = chunkOf(2, "http://b");
        Outcome ignored = written(chunk, 0, "[{\"n\":\"" + "x".repeat(20_000) + "\"}]");
        ignored = written(chunkOf(3, "http://c"), 0, "[{\"n\":1}]");
        files.write(chunk(1, fetched("http://a", "[{\"n\":1}]")));

        files.pause(BATCH);

        assertThat(files.sizeOfKey("key")).isEqualTo(size(folder)).isPositive();
        files.begin(BATCH);
        assertThat(files.sizeOfKey("key")).isEqualTo(size(folder));
        files.delete(BATCH);
        assertThat(files.sizeOfKey("key")).isZero();
    }

    /** A replaced part no longer counts; its replacement does. */
    @Test
    void replacedPartCountsOnlyWhileItExists() throws IOException {
        ExportFiles small = files("100B");
        accept(null, "http://a");
        small.write(chunk(1, fetched("http://a", "[{\"n\":\"%s\"}]".formatted("x".repeat(50)))));
        ChunkOutcomes tooLarge = chunk(1, fetched("http://a", "[{\"n\":\"%s\"}]".formatted("y".repeat(200))));

        assertThatThrownBy(() -> small.write(tooLarge)).isInstanceOf(NotDeliverable.class);

        assertThat(small.sizeOfKey("key")).isEqualTo(size(folder));
    }

    private List<Path> allFiles() {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> items() {
        return allFiles().stream()
                .filter(file -> file.toString().endsWith(".items"))
                .toList();
    }

    private Outcome written(Chunk chunk, int index, String items) throws IOException {
        Call call =
                new Call(chunk.people().get(index), chunk.people().get(index).name());
        return Fetched.ofWritten(call, (WrittenItems) files.writeItems(chunk, Outcomes.json(items), index), 200, 1, 1);
    }

    private static Chunk chunkOf(int number, String... urls) {
        return new Chunk(
                BATCH,
                Indexer.EXPORT,
                number,
                Arrays.stream(urls).map(url -> new Person("0", url)).toList());
    }

    private void acceptAs(String caller, String batchId, String jobId) {
        database.exports().accept(batchId, Instant.now(), caller, jobId, "digest", null, List.of("http://a"), 1);
    }

    private static ChunkOutcomes chunk(String batchId, String items) {
        return new ChunkOutcomes(
                new Chunk(batchId, Indexer.EXPORT, 1, List.of(call("http://a").person())),
                List.of(fetched("http://a", items)));
    }

    private void complete(String batchId, String items) throws IOException {
        files.write(chunk(batchId, items));
        files.join(batchId);
        files.dropParts(batchId);
    }

    /** As after a restart. */
    @Test
    void countsExistingParts() throws IOException {
        accept(null, "http://a", "http://b");
        files.write(chunk(1, fetched("http://a", "[{\"n\":\"%s\"}]".formatted("x".repeat(50)))));

        assertThatThrownBy(() -> files("100B").write(chunk(2, fetched("http://b", "[{\"n\":1}]"))))
                .isInstanceOf(NotDeliverable.class);
    }

    @Test
    void refusesCsvFileThatIsLargerThanItsItems() throws IOException {
        ExportFiles small = files("1KB");
        StringBuilder columns = new StringBuilder("[\"a\"");
        for (int i = 0; i < 199; i++) {
            columns.append(",\"").append("c").append(i).append("\"");
        }
        accept(columns.append("]").toString(), "http://a");
        small.write(chunk(1, fetched("http://a", "[{\"a\":1},{\"a\":2},{\"a\":3}]")));

        assertThatThrownBy(() -> small.join(BATCH))
                .isInstanceOf(NotDeliverable.class)
                .hasMessageStartingWith("result.csv exceeds colleagues.export.max-size");
        assertThat(file("result.csv")).doesNotExist();
    }

    @Test
    void numbersKeepTheirDigits() throws IOException {
        String numbers = "{\"a\":0.12345678901234567890123,\"b\":1E+400,\"c\":1.50,\"d\":12345678901234567890123}";
        accept(null, "http://a");
        files.write(chunk(1, fetched("http://a", "[" + numbers + "]")));

        files.join(BATCH);

        assertThat(read("result.jsonl")).isEqualTo("{\"url\":\"http://a\",\"item\":" + numbers + "}\n");
        assertThat(read("result.csv"))
                .isEqualTo("url,a,b,c,d\r\nhttp://a,0.12345678901234567890123,1E+400,1.50,12345678901234567890123\r\n");
    }

    /** As deep as a readable response can be. */
    @Test
    void writesAndReadsDeepItems() throws IOException {
        accept(null, "http://a");
        String deep = "{\"a\":".repeat(998) + "1" + "}".repeat(998);
        files.write(chunk(1, fetched("http://a", "[" + deep + "]")));

        files.join(BATCH);

        assertThat(read("result.jsonl")).isEqualTo("{\"url\":\"http://a\",\"item\":" + deep + "}\n");
    }

    private void accept(String columns, String... urls) {
        database.exports().accept(BATCH, Instant.now(), "key", "job", "digest", columns, List.of(urls), 1);
    }

    private static ChunkOutcomes chunk(int number, Outcome... outcomes) {
        List<Person> people =
                Arrays.stream(outcomes).map(outcome -> outcome.call().person()).toList();
        return new ChunkOutcomes(new Chunk(BATCH, Indexer.EXPORT, number, people), List.of(outcomes));
    }

    private static Fetched fetched(String url, String items) {
        return new Fetched(call(url), Outcomes.json(items), 200, 1);
    }

    private static Failed failed(String url) {
        return new Failed(call(url), "HTTP 404 Not Found", 404, 1);
    }

    /** The position of a URL: http://a is the first one. */
    private static Call call(String url) {
        return new Call(new Person(Integer.toString(url.charAt(7) - 'a'), url), url);
    }

    private String read(String file) throws IOException {
        return Files.readString(file(file));
    }

    private Path file(String name) {
        return folder.resolve(BATCH).resolve(name);
    }

    /** The size of all files in a folder. */
    private static long size(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
