package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.awaitility.Awaitility;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.LastRuns;
import org.colleaguesearch.runs.Run;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.MDC;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.ContextClosedEvent;

@ExtendWith(OutputCaptureExtension.class)
class IndexAllRouteTest {
    @RegisterExtension
    static final RouteApplication APPLICATION = application();

    private static volatile Processor listing;
    private static volatile Processor running;

    private MockEndpoint lists;
    private MockEndpoint runs;
    private MockEndpoint completed;

    @BeforeEach
    void mock() {
        listing = exchange -> {};
        running = exchange -> {};
        lists = APPLICATION.mock("list-people");
        runs = APPLICATION.mock("run-indexer");
        completed = APPLICATION.mock("batch-completed");
    }

    @Test
    void remembersTheBatchAndLogsInItsContextUntilItEnds() {
        List<String> noted = new CopyOnWriteArrayList<>();
        listing = exchange -> noted.add(MDC.get("batch"));
        running = exchange -> noted.add(MDC.get("batch"));

        Batch batch = index();

        assertThat(noted).hasSize(3).containsOnly(batch.id());
        assertThat(MDC.get("batch")).isNull();
        assertThat(APPLICATION.bean(LastRuns.class).batch().orElseThrow().batch())
                .isSameAs(batch);
    }

    @Test
    void leavesNoLogContextBehindWhenTheBatchFails() {
        listing = exchange -> {
            throw new IllegalStateException("no list");
        };

        index();

        assertThat(MDC.get("batch")).isNull();
    }

    @Test
    void runsEachIndexerOverOneListThenCompletesTheBatch() throws Exception {
        lists.expectedMessageCount(1);
        completed.expectedMessageCount(1);

        Batch batch = index();

        MockEndpoint.assertIsSatisfied(APPLICATION.camel());
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
    void completesTheBatchOnlyWhenAllRunsHaveEnded() throws Exception {
        Door door = new Door(exchange -> {});
        running = door;

        CompletableFuture<Batch> batch = indexInBackground(APPLICATION);
        door.awaitHeld(2);
        assertThat(completed.getReceivedCounter()).isZero();
        door.open();

        assertThat(batch.get(20, TimeUnit.SECONDS).runs()).hasSize(2);
        assertThat(door.passed()).isEqualTo(2);
        assertThat(completed.getReceivedCounter()).isEqualTo(1);
    }

    @Test
    void failsTheBatchWhenPeopleCannotBeListed(CapturedOutput log) {
        listing = exchange -> {
            throw Sample.status(503, null);
        };

        Batch batch = index();

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(batch.failure()).isEqualTo("HTTP 503 Service Unavailable");
        assertThat(log).contains("batch " + batch.id() + " failed: HTTP 503 Service Unavailable");
        assertThat(runs.getReceivedCounter()).isZero();
        assertThat(completed.getReceivedCounter()).isEqualTo(1);
    }

    @Test
    void indexersMayRunAgainAfterTheListFailed() {
        listing = exchange -> {
            throw new IllegalStateException("no list");
        };
        Batch failed = index();
        listing = exchange -> {};

        Batch next = index();

        assertThat(failed.failure()).contains("no list");
        assertThat(next.failure()).isNull();
        assertThat(indexers(runs)).containsExactlyInAnyOrder("other", "sample");
        assertThat(next.id()).isGreaterThan(failed.id());
    }

    @Test
    void failsTheBatchWhenRunCannotBeStarted() {
        running = exchange -> {
            if (exchange.getMessage().getBody(Run.class).indexer().equals("other")) {
                throw new IllegalStateException("no such route");
            }
        };

        Batch batch = index();

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(indexers(runs)).contains("sample");
        assertThat(completed.getReceivedCounter()).isEqualTo(1);
    }

    @Test
    void skipsIndexersThatStillRun(CapturedOutput log) throws Exception {
        Door door = new Door(exchange -> {});
        running = door;
        CompletableFuture<Batch> first = indexInBackground(APPLICATION);
        door.awaitHeld(2);

        Batch second = index();

        assertThat(second.runs()).isEmpty();
        assertThat(lists.getReceivedCounter()).isEqualTo(1);
        assertThat(completed.getReceivedCounter()).isZero();
        door.open();
        String running =
                "it still runs in batch " + first.get(20, TimeUnit.SECONDS).id();
        assertThat(log).contains("test: indexer other is skipped, " + running);
        assertThat(log).contains("test: indexer sample is skipped, " + running);
        assertThat(index().runs()).hasSize(2);
    }

    @Test
    void triggersAtTheSameMomentRunEachIndexerOnce() {
        Door door = new Door(exchange -> {});
        running = door;

        List<CompletableFuture<Batch>> batches =
                List.of(indexInBackground(APPLICATION), indexInBackground(APPLICATION), indexInBackground(APPLICATION));
        door.awaitHeld(2);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> batches.stream().filter(CompletableFuture::isDone).count() == 2);
        door.open();

        assertThat(batches)
                .extracting(batch -> batch.get(20, TimeUnit.SECONDS).runs().size())
                .containsExactlyInAnyOrder(0, 0, 2);
        assertThat(batches)
                .extracting(batch -> batch.get(20, TimeUnit.SECONDS).id())
                .doesNotHaveDuplicates();
    }

    @Test
    void runsOnlyTheIndexersOfTheSetting() {
        try (RouteApplication one =
                application().with("colleagues.indexing.only", "other").start()) {
            Batch batch = one.send("index-all", "test").getMessage().getBody(Batch.class);

            assertThat(batch.runs()).extracting(Run::indexer).containsExactly("other");
            assertThat(indexers(one.mock("run-indexer"))).containsExactly("other");
        }
    }

    @Test
    void runsNoMoreIndexersAtOnceThanTheSettingSays() throws Exception {
        try (RouteApplication slow =
                application().with("colleagues.indexing.parallel-indexers", 1).start()) {
            Door door = new Door(exchange -> {});
            running = door;

            CompletableFuture<Batch> batch = indexInBackground(slow);
            door.awaitHeld(1);
            door.open();

            assertThat(batch.get(20, TimeUnit.SECONDS).runs()).hasSize(2);
            assertThat(door.passed()).isEqualTo(2);
            assertThat(door.most()).isEqualTo(1);
        }
    }

    @Test
    void runsNothingWhileTheApplicationStops(CapturedOutput log) {
        try (RouteApplication stopping = application().start()) {
            stopping.spring().publishEvent(new ContextClosedEvent(stopping.spring()));

            Batch batch = stopping.send("index-all", "test").getMessage().getBody(Batch.class);

            assertThat(batch.runs()).isEmpty();
            assertThat(stopping.mock("list-people").getReceivedCounter()).isZero();
            assertThat(log).contains("indexer sample is skipped, the application is stopping");
        }
    }

    private static RouteApplication application() {
        return RouteApplication.of("index-all", "index-chunk")
                .withTestRoute("index-sample")
                .withTestRoute("index-other")
                .with("index-all", route -> {
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
                            .process(IndexAllRouteTest::close);
                });
    }

    private static void close(Exchange exchange) throws Exception {
        exchange.getContext()
                .getRegistry()
                .lookupByNameAndType("batches", Batches.class)
                .close(exchange.getVariable("batch", Batch.class));
    }

    private static Batch index() {
        Exchange ended = APPLICATION.send("index-all", "test");
        assertThat(ended.getException()).isNull();
        return ended.getMessage().getBody(Batch.class);
    }

    private static CompletableFuture<Batch> indexInBackground(RouteApplication application) {
        return application.bean(ProducerTemplate.class).asyncRequestBody("direct:index-all", "test", Batch.class);
    }

    private static List<String> indexers(MockEndpoint runs) {
        return runs.getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(Run.class).indexer())
                .toList();
    }
}
