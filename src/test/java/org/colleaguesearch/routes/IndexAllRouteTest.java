package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.event.ContextClosedEvent;

class IndexAllRouteTest {
    @RegisterExtension
    static final RouteApplication APPLICATION = application();

    /** What stands behind mock:run-batch; not within it, since a mock lets in one thread at a time. */
    private static volatile Processor running;

    private final List<Batch> opened = new CopyOnWriteArrayList<>();
    private MockEndpoint resumed;
    private MockEndpoint batches;

    @BeforeEach
    void mock() {
        running = exchange -> opened.add(exchange.getMessage().getBody(Batch.class));
        resumed = APPLICATION.mock("resume");
        batches = APPLICATION.mock("run-batch");
    }

    @AfterEach
    void close() {
        opened.forEach(APPLICATION.bean(Batches.class)::close);
    }

    @Test
    void continuesWhatIsUnfinishedThenRunsABatchWithAllIndexers() throws Exception {
        List<String> order = new ArrayList<>();
        resumed.whenAnyExchangeReceived(exchange -> {
            order.add("resume");
        });
        batches.whenAnyExchangeReceived(exchange -> order.add("run-batch"));

        Batch batch = index();

        assertThat(order).containsExactly("resume", "run-batch");
        assertThat(batches.getExchanges())
                .extracting(exchange -> exchange.getMessage().getBody())
                .containsExactly(batch);
        assertThat(batch.runs()).extracting(Run::indexer).containsExactly("other", "sample");
    }

    @Test
    void opensNoNewRunOfWhatIsPausedAgain(CapturedOutput log) {
        Batches all = APPLICATION.bean(Batches.class);
        Batch paused = all.open("yesterday");
        Run other = APPLICATION.bean(Runs.class).start(paused, "other");
        APPLICATION.bean(Runs.class).end(other);
        Run sample = APPLICATION.bean(Runs.class).start(paused, "sample");
        resumed.whenAnyExchangeReceived(exchange -> {
            APPLICATION.bean(Runs.class).fail(sample, new PausedException("the API gives no good answer"));
            all.close(paused);
            exchange.getMessage().setBody(List.of(paused));
        });

        Batch batch = index();

        assertThat(batch.runs()).extracting(Run::indexer).containsExactly("other");
        assertThat(log)
                .contains("test: no new run of sample: batch " + paused.id()
                        + " has paused again; the next trigger resumes it");
        assertThat(APPLICATION
                        .bean(Ledger.class)
                        .run(paused.id(), "sample")
                        .orElseThrow()
                        .state())
                .isEqualTo(State.PAUSED);
        APPLICATION.bean(Ledger.class).endBatch(paused.id(), State.ABANDONED, "test", Instant.now());
    }

    @Test
    void doesNotContinueAgainWhatTheTriggerHasContinued() {
        Batch batch = APPLICATION
                .bean(ProducerTemplate.class)
                .requestBodyAndHeader("direct:index-all", "test", "resumed", List.of(), Batch.class);

        assertThat(resumed.getReceivedCounter()).isZero();
        assertThat(batch.runs()).hasSize(2);
    }

    @Test
    void opensNothingWhenAllIsPausedAgain() {
        Batches all = APPLICATION.bean(Batches.class);
        Batch paused = all.open("yesterday");
        resumed.whenAnyExchangeReceived(exchange -> {
            all.fail(paused, new PausedException("the API gives no good answer"));
            all.close(paused);
            exchange.getMessage().setBody(List.of(paused));
        });

        assertThat(index().runs()).isEmpty();
        assertThat(batches.getReceivedCounter()).isZero();
        APPLICATION.bean(Ledger.class).endBatch(paused.id(), State.ABANDONED, "test", Instant.now());
    }

    @Test
    void failureToContinueIsTheFailureOfTheTrigger() {
        resumed.whenAnyExchangeReceived(exchange -> {
            throw new IllegalStateException("the database is gone");
        });

        assertThat(APPLICATION.send("index-all", "test").getException()).hasMessage("the database is gone");
        assertThat(batches.getReceivedCounter()).isZero();
    }

    @Test
    void saysWhatTriggeredIt(CapturedOutput log) {
        Batch batch = index();

        assertThat(log).contains("batch " + batch.id() + " opened by test: other, sample");
    }

    @Test
    void skipsIndexersThatStillRun(CapturedOutput log) {
        Batch first = index();

        Batch second = index();

        assertThat(second.runs()).isEmpty();
        assertThat(batches.getReceivedCounter()).isEqualTo(1);
        String running = "still running in batch " + first.id();
        assertThat(log).contains("test: skipping indexer other: " + running);
        assertThat(log).contains("test: skipping indexer sample: " + running);
        APPLICATION.bean(Batches.class).close(first);
        assertThat(index().runs()).hasSize(2);
    }

    @Test
    void triggersAtTheSameMomentRunEachIndexerOnce() throws Exception {
        Door door = new Door(running);
        running = door;

        List<CompletableFuture<Batch>> triggers =
                List.of(indexInBackground(), indexInBackground(), indexInBackground());
        door.awaitHeld(1);
        door.open();

        List<Batch> ended = new ArrayList<>();
        for (CompletableFuture<Batch> trigger : triggers) {
            ended.add(trigger.get(20, TimeUnit.SECONDS));
        }
        assertThat(ended.stream().flatMap(batch -> batch.runs().stream()).map(Run::indexer))
                .containsExactlyInAnyOrder("other", "sample");
        assertThat(ended).extracting(Batch::id).doesNotHaveDuplicates();
    }

    @Test
    void runsOnlyTheIndexersOfTheSetting() {
        try (RouteApplication one =
                application().with("colleagues.indexing.only", "other").start()) {
            Batch batch = one.send("index-all", "test").getMessage().getBody(Batch.class);

            assertThat(batch.runs()).extracting(Run::indexer).containsExactly("other");
            assertThat(one.mock("run-batch").getReceivedCounter()).isEqualTo(1);
            opened.clear();
        }
    }

    @Test
    void runsNothingWhileTheApplicationStops(CapturedOutput log) {
        try (RouteApplication stopping = application().start()) {
            stopping.spring().publishEvent(new ContextClosedEvent(stopping.spring()));

            Batch batch = stopping.send("index-all", "test").getMessage().getBody(Batch.class);

            assertThat(batch.runs()).isEmpty();
            assertThat(stopping.mock("run-batch").getReceivedCounter()).isZero();
            assertThat(log).contains("skipping other, sample: the application is stopping");
        }
    }

    private static RouteApplication application() {
        return RouteApplication.of("index-all", "index-chunk")
                .withTestRoute("index-sample")
                .withTestRoute("index-other")
                .with("index-all", route -> {
                    route.weaveById("resume-first").replace().to("mock:resume").process(exchange -> {
                        if (!(exchange.getMessage().getBody() instanceof List)) {
                            exchange.getMessage().setBody(List.of());
                        }
                    });
                    route.weaveById("run-new-batch")
                            .replace()
                            .to("mock:run-batch")
                            .process(exchange -> running.process(exchange));
                });
    }

    private static Batch index() {
        Exchange ended = APPLICATION.send("index-all", "test");
        assertThat(ended.getException()).isNull();
        return ended.getMessage().getBody(Batch.class);
    }

    private static CompletableFuture<Batch> indexInBackground() {
        return APPLICATION.bean(ProducerTemplate.class).asyncRequestBody("direct:index-all", "test", Batch.class);
    }
}
