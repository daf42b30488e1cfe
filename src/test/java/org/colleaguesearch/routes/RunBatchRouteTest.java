package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;

class RunBatchRouteTest {
    @RegisterExtension
    static final RouteApplication APPLICATION = application();

    private static volatile Processor listing;
    private static volatile Processor running;

    private MockEndpoint lists;
    private MockEndpoint runs;
    private MockEndpoint completed;

    @BeforeEach
    void mock() {
        listing = exchange -> APPLICATION.bean(Batches.class).listed(exchange.getVariable("batch", Batch.class));
        running = exchange -> {};
        lists = APPLICATION.mock("list-people");
        runs = APPLICATION.mock("run-indexer");
        completed = APPLICATION.mock("batch-completed");
    }

    @Test
    void runsEachIndexerOverOneListThenCompletesTheBatch() {
        Batch batch = open();

        assertThat(run(batch)).isSameAs(batch);

        assertThat(lists.getReceivedCounter()).isEqualTo(1);
        assertThat(completed.getReceivedCounter()).isEqualTo(1);
        assertThat(indexers(runs)).containsExactlyInAnyOrder("other", "sample");
        assertThat(List.of(lists, runs, completed))
                .flatExtracting(MockEndpoint::getExchanges)
                .extracting(exchange -> exchange.getVariable("batch"))
                .containsOnly(batch);
        assertThat(runs.getExchanges())
                .extracting(exchange -> exchange.getMessage().getBody(Run.class).batch())
                .containsOnly(batch);
        assertThat(batch.failure()).isNull();
    }

    @Test
    void doesOnlyTheRunsThatAreNotDone() {
        Batch batch = Sample.batch(APPLICATION, "ada");
        Runs beans = APPLICATION.bean(Runs.class);
        beans.end(beans.start(batch, "other"));

        run(batch);

        assertThat(indexers(runs)).containsExactly("sample");
        assertThat(completed.getReceivedCounter()).isEqualTo(1);
    }

    @Test
    void completesTheBatchOnlyWhenAllRunsHaveEnded() throws Exception {
        Door door = new Door(exchange -> {});
        running = door;

        CompletableFuture<Batch> batch = runInBackground(APPLICATION, open());
        door.awaitHeld(2);
        assertThat(completed.getReceivedCounter()).isZero();
        door.open();

        assertThat(batch.get(20, TimeUnit.SECONDS).runs()).hasSize(2);
        assertThat(door.passed()).isEqualTo(2);
        assertThat(completed.getReceivedCounter()).isEqualTo(1);
    }

    @Test
    void failsTheBatchForGoodWhenPeopleCannotBeListed(CapturedOutput log) {
        listing = exchange -> {
            throw Sample.status(503, null);
        };
        Batch batch = open();

        run(batch);

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(batch.failure()).isEqualTo("HTTP 503 Service Unavailable");
        assertThat(log).contains("batch " + batch.id() + " failed: HTTP 503 Service Unavailable");
        assertThat(runs.getReceivedCounter()).isZero();
        assertThat(completed.getReceivedCounter()).isEqualTo(1);
        assertThat(state(batch)).isEqualTo(State.FAILED);
        Batch next = open();
        assertThat(next.runs()).hasSize(2);
        APPLICATION.bean(Batches.class).close(next);
    }

    @Test
    void pausesTheBatchWhenRunCannotBeStarted(CapturedOutput log) {
        running = exchange -> {
            if (exchange.getMessage().getBody(Run.class).indexer().equals("other")) {
                throw new IllegalStateException("no such route");
            }
        };
        Batch batch = open();

        run(batch);

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(indexers(runs)).contains("sample");
        assertThat(completed.getReceivedCounter()).isEqualTo(1);
        assertThat(log).contains("batch " + batch.id() + " paused: ").contains("no such route");
        assertThat(state(batch)).isEqualTo(State.PAUSED);
    }

    @Test
    void runsNoMoreIndexersAtOnceThanTheSettingSays() throws Exception {
        try (RouteApplication slow =
                application().with("colleagues.indexing.parallel-indexers", 1).start()) {
            Door door = new Door(exchange -> {});
            running = door;

            CompletableFuture<Batch> batch = runInBackground(slow, Sample.batch(slow, "ada"));
            door.awaitHeld(1);
            door.open();

            assertThat(batch.get(20, TimeUnit.SECONDS).runs()).hasSize(2);
            assertThat(door.passed()).isEqualTo(2);
            assertThat(door.most()).isEqualTo(1);
        }
    }

    private static RouteApplication application() {
        return RouteApplication.of("run-batch", "index-chunk")
                .withTestRoute("index-sample")
                .withTestRoute("index-other")
                .with("run-batch", route -> {
                    route.weaveById("read-people-list")
                            .replace()
                            .to("mock:list-people")
                            .process(exchange -> listing.process(exchange));
                    route.weaveById("start-indexer")
                            .replace()
                            .to("mock:run-indexer")
                            .process(exchange -> running.process(exchange));
                    route.weaveById("finish-batch")
                            .replace()
                            .to("mock:batch-completed")
                            .process(RunBatchRouteTest::close);
                });
    }

    private static void close(Exchange exchange) {
        exchange.getContext()
                .getRegistry()
                .lookupByNameAndType("batches", Batches.class)
                .close(exchange.getVariable("batch", Batch.class));
    }

    /** A batch whose people are not listed. */
    private static Batch open() {
        return APPLICATION.bean(Batches.class).open("test");
    }

    private static Batch run(Batch batch) {
        Exchange ended = APPLICATION.send("run-batch", batch);
        assertThat(ended.getException()).isNull();
        return ended.getMessage().getBody(Batch.class);
    }

    private static CompletableFuture<Batch> runInBackground(RouteApplication application, Batch batch) {
        return application.bean(ProducerTemplate.class).asyncRequestBody("direct:run-batch", batch, Batch.class);
    }

    private static State state(Batch batch) {
        return APPLICATION.bean(Ledger.class).batch(batch.id()).orElseThrow().state();
    }

    private static List<String> indexers(MockEndpoint runs) {
        return runs.getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(Run.class).indexer())
                .toList();
    }
}
