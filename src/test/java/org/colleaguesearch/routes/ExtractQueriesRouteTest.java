package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.colleaguesearch.settings.OpenToOthers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.util.FileSystemUtils;

@Timeout(60)
@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class ExtractQueriesRouteTest {
    private static final Instant CHANGED = Instant.parse("2026-11-25T01:02:03.456Z");
    private static final String RESULT = "queries-20261125T010203456Z.csv";

    @RegisterExtension
    static final SharedApplication EXTRACT = SharedApplication.EXTRACT;

    @RegisterExtension
    static final SharedApplication CSV_ONLY = SharedApplication.RUNS;

    private final AtomicInteger searches = new AtomicInteger();

    @BeforeEach
    void answer() throws IOException {
        FileSystemUtils.deleteRecursively(EXTRACT.application().file("in"));
        FileSystemUtils.deleteRecursively(EXTRACT.application().file("out"));
        SharedApplication.search = this::find;
    }

    /** Finds as many people as the query says; {@code refuse} is refused, and {@code away} finds OpenSearch away. */
    private void find(Exchange exchange) {
        searches.incrementAndGet();
        String query = Sample.json(exchange.getMessage().getBody(String.class))
                .path("query")
                .asText();
        if (query.equals("refuse") || query.equals("away")) {
            exchange.getMessage().setHeader("CamelHttpResponseCode", query.equals("away") ? 503 : 400);
            exchange.getMessage().setBody("{\"detail\":\"" + query + "\"}");
            return;
        }
        ObjectNode answer = (ObjectNode) Sample.json("{}");
        ArrayNode hits = answer.putArray("hits");
        for (int i = 1; i <= Integer.parseInt(query.replaceAll("\\D", "")); i++) {
            ObjectNode hit = hits.addObject().put("score", 1.0 / i);
            hit.putObject("person").put("id", "p" + i).put("name", "Person, " + i);
        }
        exchange.getMessage().setBody(answer.toString());
    }

    @Test
    void writesWhoWasFoundForEachQueryInTheOrderOfTheFile(CapturedOutput log) throws IOException {
        extract("note,query\r\nfirst,2 people\r\n\"a \"\"b\"\"\",0 people\r\nlast,1 person\r\n");

        assertThat(result()).isEqualTo("""
                note,query,rank,person_id,name,score\r
                first,2 people,1,p1,"Person, 1",1.0\r
                first,2 people,2,p2,"Person, 2",0.5\r
                "a ""b""\",0 people,,,,\r
                last,1 person,1,p1,"Person, 1",1.0\r
                """);
        assertThat(files()).containsExactly("in/done/queries.csv", "out/extract/" + RESULT);
        assertThat(OpenToOthers.below(EXTRACT.application().file("out"))).isEmpty();
        assertThat(OpenToOthers.below(EXTRACT.application().file("in/done"))).isEmpty();
        assertThat(log).contains("extract queries.csv: 3 queries", "extract queries.csv: 4 rows in ");
    }

    @Test
    void hasAHeaderOnlyWhereThereIsNoQuery() throws IOException {
        extract("query,note\n");

        assertThat(result()).isEqualTo("query,note,rank,person_id,name,score\r\n");
        assertThat(searches).hasValue(0);
    }

    @Test
    void writesARowForAQueryThatIsBlank() throws IOException {
        extract("note,query\na,\nb, \nc,1\n");

        assertThat(result().lines()).hasSize(4).contains("a,,,,,", "b,\" \",,,,");
        assertThat(searches).hasValue(1);
    }

    @Test
    void neutralisesWhatASpreadsheetWouldRun() throws IOException {
        extract("query,=note\n@1,=cmd\n");

        assertThat(result()).isEqualTo("""
                query,'=note,rank,person_id,name,score\r
                '@1,'=cmd,1,p1,"Person, 1",1.0\r
                """);
    }

    /** More queries than a chunk has; the first of all ends long after others. */
    @Test
    void keepsTheOrderWhicheverSearchEndsFirst() throws IOException {
        CountDownLatch others = new CountDownLatch(50);
        SharedApplication.search = exchange -> {
            boolean isFirst = Sample.json(exchange.getMessage().getBody(String.class))
                    .path("query")
                    .asText()
                    .equals("1 ");
            if (isFirst) {
                assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
            }
            find(exchange);
            others.countDown();
        };

        extract("id,query\n0,1 \n"
                + IntStream.range(1, 2_100)
                        .mapToObj(i -> i + "," + i % 3 + "\n")
                        .collect(Collectors.joining()));

        List<String> ids = result().lines()
                .skip(1)
                .map(line -> line.substring(0, line.indexOf(',')))
                .toList();
        assertThat(ids)
                .isEqualTo(IntStream.range(0, 2_100)
                        .boxed()
                        .flatMap(i -> Stream.generate(i::toString).limit(i > 0 && i % 3 == 2 ? 2 : 1))
                        .toList());
    }

    @Test
    void searchesForAsManyAtOnceAsThePoolHasThreads() throws Exception {
        Door door = new Door(this::find);
        SharedApplication.search = door;
        drop("query\n" + "1\n".repeat(20));

        CompletableFuture<Exchange> extracted = CompletableFuture.supplyAsync(ExtractQueriesRouteTest::extract);
        door.awaitHeld(4);
        door.open();

        assertThat(extracted.get(20, TimeUnit.SECONDS).getException()).isNull();
        assertThat(door.most()).isEqualTo(4);
        assertThat(door.passed()).isEqualTo(20);
    }

    @Test
    void doesNotBeginAFileWithSomethingWrong(CapturedOutput log) throws IOException {
        extract("query\n1\n2\n3,4\n");

        assertFailed("line 4 has 2 cells, but the header has 1");
        assertThat(searches).hasValue(0);
        assertThat(log.getOut().lines())
                .filteredOn(line -> line.contains("ERROR"))
                .singleElement()
                .asString()
                .contains("extract queries.csv failed: line 4 has 2 cells");
    }

    @Test
    void failsAnEmptyFile() throws IOException {
        extract("");

        assertFailed("the file is empty: write a first line with the column names, including 'query'");
    }

    @Test
    void failsAFileOfWhichAQueryIsRefused() throws IOException {
        extract("id,query\n1,1\n2,refuse\n3,1\n");

        assertFailed("query 2 (line 3) failed: HTTP 400, refuse");
    }

    @Test
    void failsAFileWhenTheSearchStaysAway() throws IOException {
        extract("id,query\n1,1\n2,1\n3,away\n" + "4,1\n".repeat(3_000));

        assertFailed("query 3 (line 4) failed: HTTP 503, away");
        // Some go on while the third is tried again and again.
        assertThat(searches).hasValueLessThan(2_000);
    }

    @Test
    void failsAFileWhoseResultCannotBeWritten() throws IOException {
        Files.writeString(EXTRACT.application().file("out"), "no folder");
        extract("query\n1\n");

        String why = Files.readString(EXTRACT.application().file("in/failed/queries.csv.error.txt"));
        assertThat(why).contains("out");
        assertThat(searches).hasValue(0);
        Files.delete(EXTRACT.application().file("out"));
    }

    /** As after a crash between the result's rename and the move of the file. */
    @Test
    void replacesTheResultOfAFileThatIsDoneTwice() throws IOException {
        extract("query\n1\n");
        extract("query\n1\n");

        assertThat(files()).containsExactly("in/done/queries.csv", "out/extract/" + RESULT);
        assertThat(result()).hasLineCount(2);
    }

    @Test
    void fileThatIsPutRightIsDone() throws IOException {
        extract("text\n1\n");
        extract("query\n1\n");

        assertThat(files()).contains("in/done/queries.csv", "out/extract/" + RESULT);
    }

    @Test
    void fileThatTakesTheNameMeanwhileIsStillToBeDone() throws IOException {
        SharedApplication.search = exchange -> {
            if (searches.get() == 0) {
                drop("query\n1\n2\n");
            }
            find(exchange);
        };
        extract("query\n1\n");

        assertThat(files()).containsExactly("in/queries.csv", "out/extract/" + RESULT);

        assertThat(extract().getException()).isNull();
        assertThat(files()).containsExactly("in/done/queries.csv", "out/extract/" + RESULT);
        assertThat(result()).hasLineCount(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fileThatGrowsWhileItIsSearchedForHasNoResultAndIsDoneAgain(boolean keepsItsTime, CapturedOutput log)
            throws IOException {
        AtomicBoolean grows = new AtomicBoolean(true);
        SharedApplication.search = exchange -> {
            if (grows.getAndSet(false)) {
                grow("2\n", keepsItsTime);
            }
            find(exchange);
        };
        extract("query\n1\n");

        assertThat(files()).containsExactly("in/queries.csv");
        assertThat(log).contains("extract queries.csv: the file was written to during the extract");

        assertThat(extract().getException()).isNull();
        assertThat(files()).hasSize(2).contains("in/done/queries.csv");
        assertThat(results(EXTRACT.application(), "queries"))
                .singleElement()
                .satisfies(file -> assertThat(file).content().hasLineCount(4));
    }

    @Test
    void fileThatGrowsIsNotFailed() throws IOException {
        SharedApplication.search = exchange -> {
            grow("2\n", true);
            exchange.getMessage().setHeader("CamelHttpResponseCode", 400);
            exchange.getMessage().setBody("{\"detail\":\"refuse\"}");
        };
        extract("query\n1\n");

        assertThat(files()).containsExactly("in/queries.csv");
    }

    /** The marker is of the file that was taken, and of none that comes after it. */
    @Test
    void removesTheMarkerWithTheFile() throws IOException {
        Files.createDirectories(EXTRACT.application().file("in"));
        Path marker = EXTRACT.application().file("in/queries.csv.done");
        Files.writeString(marker, "");
        extract("query\n1\n");
        assertThat(marker).doesNotExist();

        Files.writeString(marker, "");
        extract("text\n1\n");
        assertThat(marker).doesNotExist();
    }

    private static void grow(String more, boolean keepsItsTime) throws IOException {
        Path file = EXTRACT.application().file("in/queries.csv");
        Files.writeString(file, more, StandardOpenOption.APPEND);
        Files.setLastModifiedTime(file, FileTime.from(keepsItsTime ? CHANGED : CHANGED.plusSeconds(60)));
    }

    @Test
    void isNotThereWithoutAnIndex() {
        assertThat(CSV_ONLY.application().camel().getRoute("extract-queries")).isNull();
    }

    @Test
    void takesFilesThatAreDroppedOneAfterTheOtherAndLeavesThemWhenTheApplicationStops(CapturedOutput log)
            throws Exception {
        try (RouteApplication application = SharedApplication.extract().start()) {
            Path in = application.file("in");
            Files.createDirectories(in);
            Files.writeString(in.resolve("notes.txt"), "query\n1\n");
            // Whoever opens the pipe waits for a writer, and the device has no end. They are the oldest.
            assertThat(new ProcessBuilder("mkfifo", in.resolve("1-pipe.csv").toString())
                            .start()
                            .waitFor())
                    .isZero();
            Files.createSymbolicLink(in.resolve("2-device.csv"), Path.of("/dev/zero"));
            Files.createSymbolicLink(in.resolve("3-nowhere.csv"), Path.of("nowhere"));
            Files.createDirectory(in.resolve("4-folder.csv"));
            Thread writer = Thread.ofPlatform().start(() -> writeSlowly(in.resolve("growing.csv"), 20));
            Files.writeString(in.resolve("half.csv.part"), "query\n1\n");
            Files.writeString(in.resolve(".half.csv"), "query\n1\n");
            drop(in.resolve("A.CSV"), "query\n1\n");
            await().until(() -> Files.exists(in.resolve("done/A.CSV")));

            await().until(() -> Files.exists(in.resolve("done/growing.csv")));
            assertThat(results(application, "growing"))
                    .singleElement()
                    .satisfies(file -> assertThat(file).content().hasLineCount(21));
            writer.join();
            assertThat(in.resolve("half.csv.part")).exists();
            assertThat(in.resolve(".half.csv")).exists();

            Door door = new Door(this::find);
            SharedApplication.search = door;
            drop(in.resolve("cut.csv"), "query\n" + "1\n".repeat(2_000));
            door.awaitHeld(4);
            application.spring().publishEvent(new ContextClosedEvent(application.spring()));
            door.open();
            await().until(() -> log.getOut().contains("extract cut.csv interrupted"));
            assertThat(in.resolve("cut.csv")).exists();
            assertThat(results(application, "cut")).isEmpty();

            application.restart();
            await().until(() -> Files.exists(in.resolve("done/cut.csv")));
            assertThat(results(application, "cut"))
                    .singleElement()
                    .satisfies(file -> assertThat(file).content().hasLineCount(2_001));
            assertThat(in.resolve("notes.txt")).exists();
            assertThat(in.resolve("failed")).isEmptyDirectory();
            for (String left : List.of("1-pipe.csv", "2-device.csv", "4-folder.csv")) {
                assertThat(in.resolve(left)).exists();
            }
            // Once by each of the two starts.
            for (String named : List.of("1-pipe.csv", "2-device.csv", "3-nowhere.csv")) {
                assertThat(log.getOut().split(named + ": not a regular file; remove it", -1))
                        .hasSize(1 + 2);
            }
        }
    }

    /** As some copies do: with the time of their source from the first byte on. */
    private static void writeSlowly(Path file, int lines) {
        try {
            Files.writeString(file, "query\n");
            for (int i = 0; i < lines; i++) {
                Files.writeString(file, "1\n", StandardOpenOption.APPEND);
                Files.setLastModifiedTime(file, FileTime.from(CHANGED));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void failsWhatHasBecomeAPipeSinceItWasTaken() throws Exception {
        Files.createDirectories(EXTRACT.application().file("in"));
        Path pipe = EXTRACT.application().file("in/queries.csv");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(extract().getException()).isNull();

        assertThat(EXTRACT.application().file("in/failed/queries.csv")).exists();
        assertThat(EXTRACT.application().file("in/failed/queries.csv.error.txt"))
                .hasContent("not a regular file");
    }

    private void assertFailed(String reason) throws IOException {
        assertThat(files()).containsExactly("in/failed/queries.csv", "in/failed/queries.csv.error.txt");
        assertThat(EXTRACT.application().file("in/failed/queries.csv.error.txt"))
                .hasContent(reason);
    }

    private static void extract(String content) throws IOException {
        drop(content);
        assertThat(extract().getException()).isNull();
    }

    private static void drop(String content) throws IOException {
        Files.createDirectories(EXTRACT.application().file("in"));
        drop(EXTRACT.application().file("in/queries.csv"), content);
    }

    /** As a whole, and old enough to be taken. */
    private static void drop(Path file, String content) throws IOException {
        Path written = file.resolveSibling("." + file.getFileName());
        Files.write(written, content.getBytes(StandardCharsets.UTF_8));
        Files.setLastModifiedTime(written, FileTime.from(CHANGED));
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Exchange extract() {
        return EXTRACT.application()
                .send(
                        "extract-queries",
                        exchange -> exchange.getMessage()
                                .setHeader(
                                        "CamelFileAbsolutePath",
                                        EXTRACT.application()
                                                .file("in/queries.csv")
                                                .toString()));
    }

    private static String result() throws IOException {
        return Files.readString(EXTRACT.application().file("out/extract/" + RESULT));
    }

    private static List<Path> results(RouteApplication application, String name) throws IOException {
        try (Stream<Path> files = Files.list(application.file("out/extract"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(name))
                    .toList();
        }
    }

    /** All files of in/ and out/, by path. */
    private static List<String> files() throws IOException {
        Path folder = EXTRACT.application().file("");
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(file -> file.startsWith("in/") || file.startsWith("out/"))
                    .sorted()
                    .toList();
        }
    }
}
