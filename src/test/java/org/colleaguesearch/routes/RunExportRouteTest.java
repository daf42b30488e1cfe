package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.ExportBatches;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

@Timeout(60)
class RunExportRouteTest {
    private static final int CHUNKS_IN_FLIGHT = 3;

    private static final List<Chunk> CHUNKS = new CopyOnWriteArrayList<>();
    private static volatile Processor fetching = exchange -> {};

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of(
                    "run-indexer", "index-chunk", "index-export", "complete-run")
            .with("camel.threadpool.config.export-chunks.pool-size", CHUNKS_IN_FLIGHT)
            .with(
                    "run-export",
                    route -> route.weaveById("send-chunk").replace().process(exchange -> {
                        CHUNKS.add(exchange.getMessage().getBody(Chunk.class));
                        fetching.process(exchange);
                    }));

    @AfterEach
    void forgetAll() {
        fetching = exchange -> {};
        CHUNKS.clear();
        ExportBatches open = APPLICATION.bean(ExportBatches.class);
        APPLICATION.bean(JdbcClient.class).sql("delete from batch").update();
        assertThat(open.isStopping()).isFalse();
    }

    @Test
    void cutsUrlsIntoChunksAndPutsTheFilesIntoPlace() {
        Batch batch = batch("e1", 5);

        run(batch);

        assertThat(CHUNKS).containsExactlyInAnyOrder(chunk("e1", 1, 0, 1), chunk("e1", 2, 2, 3), chunk("e1", 3, 4));
        assertThat(batch.state()).isEqualTo(State.COMPLETED);
        assertThat(APPLICATION.exports().resolve("e1/result.csv")).hasContent("url");
    }

    @Test
    void neverHasMoreChunksInFlightThanThePoolHasThreads() {
        Door door = new Door(exchange -> {});
        fetching = door;

        CompletableFuture<Void> ended = inBackground(() -> run(batch("e2", 20)));
        door.awaitHeld(CHUNKS_IN_FLIGHT);
        door.open();
        ended.join();

        assertThat(CHUNKS).hasSize(10);
    }

    /** Whose chunks may wait for a host that is down. */
    @Test
    void exportWaitsForNoChunkOfAnother() {
        Door door = new Door(exchange -> {});
        fetching = exchange -> {
            if (exchange.getMessage().getBody(Chunk.class).batchId().equals("long")) {
                door.process(exchange);
            }
        };
        CompletableFuture<Void> first = inBackground(() -> run(batch("long", 200)));
        door.awaitHeld(CHUNKS_IN_FLIGHT);

        Batch second = batch("short", 20);
        run(second);

        assertThat(second.state()).isEqualTo(State.COMPLETED);
        door.open();
        first.join();
    }

    @Test
    void chunkThatFailsPausesTheExport() {
        Batch batch = batch("e3", 100);
        fetching = exchange -> {
            throw new IOException("No space left on device");
        };

        run(batch);

        assertThat(batch.state()).isEqualTo(State.PAUSED);
        assertThat(CHUNKS).hasSizeLessThan(20);
        assertThat(APPLICATION.exports().resolve("e3/result.csv")).doesNotExist();
    }

    private static CompletableFuture<Void> inBackground(Runnable work) {
        return CompletableFuture.runAsync(work, Thread::startVirtualThread);
    }

    private static Batch batch(String id, int urls) {
        APPLICATION
                .bean(ExportLedger.class)
                .accept(
                        id,
                        Instant.now(),
                        "key",
                        id,
                        "digest",
                        null,
                        IntStream.range(0, urls).mapToObj(i -> "http://" + i).toList(),
                        2);
        return APPLICATION.bean(ExportBatches.class).open(id, urls, "key");
    }

    private static void run(Batch batch) {
        Exchange ended = APPLICATION.send("run-export", exchange -> exchange.setVariable("batch", batch));
        APPLICATION.bean(ExportBatches.class).close(batch);
        assertThat(ended.getException()).isNull();
    }

    private static Chunk chunk(String batch, int number, int... positions) {
        return new Chunk(
                batch,
                Indexer.EXPORT,
                number,
                IntStream.of(positions)
                        .mapToObj(i -> new Person(Integer.toString(i), "http://" + i))
                        .toList());
    }
}
