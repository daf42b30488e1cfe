package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.awaitility.Awaitility;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.event.ContextClosedEvent;

class RunIndexerRouteTest {
    private static final int CHUNKS_IN_FLIGHT = 3;

    @RegisterExtension
    static final RouteApplication APPLICATION = application(2);

    private static volatile Processor indexing;

    private MockEndpoint chunks;
    private MockEndpoint finished;
    private Batch batch;

    @BeforeEach
    void mock() {
        indexing = exchange -> {};
        chunks = APPLICATION.mock("index-chunk");
        finished = APPLICATION.mock("complete-run");
    }

    @AfterEach
    void close() throws IOException {
        if (batch != null) {
            APPLICATION.bean(Batches.class).close(batch);
        }
    }

    @Test
    void cutsPeopleIntoChunksOfBatchSize() throws Exception {
        batch = Sample.batch(APPLICATION, "ada", "bob", "cy", "dee", "eve");
        finished.expectedMessageCount(1);

        run("sample");

        finished.assertIsSatisfied();
        assertThat(chunks())
                .containsExactly(
                        new Chunk(batch.id(), "sample", 1, List.of(Sample.person("ada"), Sample.person("bob"))),
                        new Chunk(batch.id(), "sample", 2, List.of(Sample.person("cy"), Sample.person("dee"))),
                        new Chunk(batch.id(), "sample", 3, List.of(Sample.person("eve"))));
        assertThat(finished.getExchanges().get(0).getVariable("run")).isSameAs(run(batch, "sample"));
        assertThat(run(batch, "sample").state()).isEqualTo(State.RUNNING);
        assertThat(run(batch, "other").state()).isEqualTo(State.NOT_STARTED);
    }

    @Test
    void finishesRunOverNobody(CapturedOutput log) throws Exception {
        batch = Sample.batch(APPLICATION);
        chunks.expectedMessageCount(0);
        finished.expectedMessageCount(1);

        Exchange ended = run("sample");

        MockEndpoint.assertIsSatisfied(APPLICATION.camel());
        assertThat(ended.getException()).isNull();
        assertThat(log).doesNotContain("WARN", "Exception");
    }

    @Test
    void cutsFullLastChunkOnce() throws Exception {
        batch = Sample.batch(APPLICATION, "ada", "bob", "cy", "dee");
        chunks.expectedMessageCount(2);

        run("sample");

        chunks.assertIsSatisfied();
    }

    @Test
    void keepsHostileIdsThroughTheLedger() throws Exception {
        String[] ids = {"a\nb", "a\u2028b", "\"", "\\", "🧑‍🚀", "{{x}}", "${body}", "a,b"};
        batch = Sample.batch(APPLICATION, ids);

        run("sample");

        assertThat(chunks())
                .flatExtracting(Chunk::people)
                .extracting(Person::id)
                .containsExactly(ids);
    }

    @Test
    void takesEveryoneInOneChunkWhenBatchSizeIsLarger() throws Exception {
        try (RouteApplication large = application(10_000).start()) {
            String[] ids = people(9_999);

            Batch all = Sample.batch(large, ids);
            large.send("run-sample", exchange -> exchange.setVariable("batch", all));

            assertThat(large.mock("index-chunk").getExchanges()).hasSize(1);
            assertThat(chunks(large)).flatExtracting(Chunk::people).hasSize(9_999);
        }
    }

    @Test
    void neverHasMoreChunksInFlightThanThePoolHasThreads() throws Exception {
        batch = Sample.batch(APPLICATION, people(40));
        Door door = new Door(exchange -> {});
        indexing = door;

        CompletableFuture<Exchange> ended = runInBackground();
        door.awaitHeld(CHUNKS_IN_FLIGHT);
        assertThat(chunks()).hasSize(CHUNKS_IN_FLIGHT);
        assertThat(finished.getReceivedCounter()).isZero();
        door.open();

        assertThat(ended.get(20, TimeUnit.SECONDS).getException()).isNull();
        assertThat(door.most()).isEqualTo(CHUNKS_IN_FLIGHT);
        assertThat(chunks())
                .flatExtracting(Chunk::people)
                .extracting(Person::id)
                .containsExactly(people(40));
        assertThat(finished.getReceivedCounter()).isEqualTo(1);
    }

    @Test
    void pausesRunWhoseChunkCannotBeDeliveredAndNoOther() throws Exception {
        batch = Sample.batch(APPLICATION, "ada", "bob", "cy");
        indexing = exchange -> {
            if (exchange.getMessage().getBody(Chunk.class).indexer().equals("sample")) {
                throw new IOException("disk full");
            }
        };

        Exchange failed = run("sample");
        Exchange other = run("other");

        assertThat(failed.getException()).isNull();
        assertThat(other.getException()).isNull();
        assertThat(run(batch, "sample").state()).isEqualTo(State.PAUSED);
        assertThat(run(batch, "sample").summary()).contains("disk full");
        assertThat(batch.exitCode()).isEqualTo(2);
        // It is for complete-run to see that the one run is not complete.
        assertThat(finished.getExchanges())
                .extracting(exchange -> exchange.getVariable("run"))
                .containsExactly(run(batch, "sample"), run(batch, "other"));
    }

    @Test
    void finishesPausedRunOnlyWhenItsChunksInFlightHaveEnded() throws Exception {
        batch = Sample.batch(APPLICATION, people(40));
        Door door = new Door(exchange -> {});
        indexing = exchange -> {
            if (exchange.getMessage().getBody(Chunk.class).number() == 2) {
                door.awaitOneHeld();
                throw new IOException("disk full");
            }
            door.process(exchange);
        };

        CompletableFuture<Exchange> ended = runInBackground();
        Awaitility.await().until(() -> run(batch, "sample").state() == State.PAUSED);
        assertThat(finished.getReceivedCounter()).isZero();
        door.open();

        ended.get(20, TimeUnit.SECONDS);
        assertThat(finished.getReceivedCounter()).isEqualTo(1);
    }

    @Test
    void beginsNoMoreChunksAfterOneFailed() throws Exception {
        batch = Sample.batch(APPLICATION, people(2_000));
        indexing = exchange -> {
            throw new IOException("disk full");
        };

        run("sample");

        // Those in flight when the first one failed, and those that were about to be.
        assertThat(chunks.getReceivedCounter()).isLessThanOrEqualTo(2 * CHUNKS_IN_FLIGHT);
        assertThat(run(batch, "sample").state()).isEqualTo(State.PAUSED);
    }

    @Test
    void doesOnlyTheChunksThatAreNotDone() {
        batch = Sample.batch(APPLICATION, people(9));
        ChunkLedger ledger = APPLICATION.bean(ChunkLedger.class);
        for (int number : List.of(1, 2, 3, 4)) {
            Chunk chunk = new Chunk(batch.id(), "sample", number, List.of());
            ledger.begin(chunk);
            if (number % 2 == 0) {
                ledger.end(new ChunkOutcomes(chunk, List.of()), new Counts(2, 2, 0, 0, 2), Instant.now());
            }
        }

        run("sample");

        assertThat(chunks()).extracting(Chunk::number).containsExactly(1, 3, 5);
        assertThat(run(batch, "sample").counts()).isEqualTo(new Counts(4, 4, 0, 0, 4));
    }

    @Test
    void doesChunksOneAtATimeThatWereUnderWayInSeveralCrashes() throws Exception {
        batch = Sample.batch(APPLICATION, people(40));
        ChunkLedger ledger = APPLICATION.bean(ChunkLedger.class);
        for (int number : List.of(3, 4, 4, 5, 6, 6, 6)) {
            ledger.begin(new Chunk(batch.id(), "sample", number, List.of()));
        }
        List<Integer> begun = new CopyOnWriteArrayList<>();
        Door door = new Door(exchange -> {
            Chunk chunk = exchange.getMessage().getBody(Chunk.class);
            begun.add(chunk.number());
            ledger.begin(chunk);
            ledger.end(new ChunkOutcomes(chunk, List.of()), Counts.NONE, Instant.now());
        });
        indexing = door;

        CompletableFuture<Exchange> ended = runInBackground();
        door.awaitHeld(1);
        door.open();

        assertThat(ended.get(20, TimeUnit.SECONDS).getException()).isNull();
        assertThat(begun).startsWith(4, 6).doesNotHaveDuplicates().hasSize(20);
    }

    @Test
    void doesChunkAgainWhoseCsvPartIsGone(CapturedOutput log) throws IOException {
        batch = Sample.batch(APPLICATION, people(4));
        ChunkLedger ledger = APPLICATION.bean(ChunkLedger.class);
        Files.createDirectories(APPLICATION.csv().resolve("sample").resolve(batch.id() + ".parts"));
        Files.writeString(
                APPLICATION.csv().resolve("sample").resolve(batch.id() + ".parts/000000001.csv"), "ada,A,1999\r\n");
        for (int number : List.of(1, 2)) {
            Chunk chunk = new Chunk(batch.id(), "sample", number, List.of());
            ledger.begin(chunk);
            ledger.end(new ChunkOutcomes(chunk, List.of()), new Counts(2, 2, 3, 0, 2), Instant.now());
        }

        run("sample");

        assertThat(chunks()).extracting(Chunk::number).containsExactly(2);
        assertThat(run(batch, "sample").counts()).isEqualTo(new Counts(2, 2, 3, 0, 2));
        assertThat(log)
                .contains("run sample: repeating chunk 2: its part is missing, or the columns or CSV dialect changed");
    }

    /** Else rows of both would come under one header. */
    @Test
    void doesAllChunksWithRowsAgainWhenTheColumnsWereEditedMeanwhile() throws IOException {
        batch = Sample.batch(APPLICATION, people(6));
        ChunkLedger ledger = APPLICATION.bean(ChunkLedger.class);
        Path parts = Files.createDirectories(APPLICATION.csv().resolve("sample").resolve(batch.id() + ".parts"));
        Files.writeString(parts.resolve("columns.csv"), "person_id,before\r\n");
        for (int number : List.of(1, 2)) {
            Chunk chunk = new Chunk(batch.id(), "sample", number, List.of());
            Files.createFile(parts.resolve("00000000" + number + ".csv"));
            ledger.begin(chunk);
            ledger.end(new ChunkOutcomes(chunk, List.of()), new Counts(2, 2, number - 1, 0, 2), Instant.now());
        }

        run("sample");

        assertThat(chunks()).extracting(Chunk::number).containsExactlyInAnyOrder(2, 3);
        assertThat(parts.resolve("columns.csv"))
                .content()
                .startsWith("person_id,")
                .doesNotContain("before");
    }

    @Test
    void beginsNoMoreChunksWhenTheApplicationStops() throws Exception {
        try (RouteApplication stopping = application(2).start()) {
            Batch stopped = Sample.batch(stopping, people(40));
            indexing = exchange -> stopping.spring().publishEvent(new ContextClosedEvent(stopping.spring()));

            Exchange ended = stopping.send("run-sample", exchange -> exchange.setVariable("batch", stopped));

            assertThat(ended.getException()).isNull();
            assertThat(stopping.mock("index-chunk").getReceivedCounter()).isBetween(1, 2 * CHUNKS_IN_FLIGHT);
            // It is for complete-run to see that the run is not complete.
            assertThat(stopping.mock("complete-run").getReceivedCounter()).isEqualTo(1);
        }
    }

    private static RouteApplication application(int batchSize) {
        RouteApplication application = RouteApplication.of("run-indexer", "index-chunk")
                .withTestRoute("index-sample")
                .withTestRoute("index-other")
                .with("colleagues.indexing.batch-size", batchSize)
                .with("camel.threadpool.config.chunks.pool-size", CHUNKS_IN_FLIGHT);
        for (String indexer : List.of("sample", "other")) {
            application.with("run-" + indexer, route -> {
                for (String node : List.of("send-suspect", "send-chunk")) {
                    route.weaveById(node)
                            .replace()
                            .to("mock:index-chunk")
                            .process(exchange -> indexing.process(exchange));
                }
                route.weaveById("finish-run").replace().to("mock:complete-run");
            });
        }
        return application;
    }

    private Exchange run(String indexer) {
        return APPLICATION.send("run-" + indexer, exchange -> exchange.setVariable("batch", batch));
    }

    private CompletableFuture<Exchange> runInBackground() {
        return APPLICATION
                .bean(ProducerTemplate.class)
                .asyncSend("direct:run-sample", exchange -> exchange.setVariable("batch", batch));
    }

    private static Run run(Batch batch, String indexer) {
        return batch.runs().stream()
                .filter(run -> run.indexer().equals(indexer))
                .findFirst()
                .orElseThrow();
    }

    private List<Chunk> chunks() {
        return chunks(APPLICATION);
    }

    /** In order of their numbers, since several are in flight. */
    private static List<Chunk> chunks(RouteApplication application) {
        return application.mock("index-chunk").getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(Chunk.class))
                .sorted(Comparator.comparingInt(Chunk::number))
                .toList();
    }

    private static String[] people(int count) {
        return IntStream.range(0, count).mapToObj(i -> "p" + i).toArray(String[]::new);
    }
}
