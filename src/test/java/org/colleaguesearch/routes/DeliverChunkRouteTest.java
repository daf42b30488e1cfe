package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Fetched.Change;
import org.colleaguesearch.indexing.KeptSection;
import org.colleaguesearch.indexing.KeptSections;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.indexing.Validators;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.ChunkLedger.DoneChunk;
import org.colleaguesearch.ledger.ChunkLedger.FailedUrl;
import org.colleaguesearch.ledger.SectionLedger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;

class DeliverChunkRouteTest {
    private static final LocalServer OPENSEARCH = new LocalServer(request -> LocalServer.Answer.status(200));

    @RegisterExtension
    static final RouteApplication APPLICATION = application("opensearch,csv");

    private Batch batch;
    private Run run;
    private MockEndpoint openSearch;
    private MockEndpoint csv;

    @BeforeEach
    void startRun() throws IOException {
        openSearch = APPLICATION.mock("deliver-opensearch");
        csv = APPLICATION.mock("deliver-csv");
        batch = Sample.batch(APPLICATION, "ada", "bob");
        run = APPLICATION.bean(Runs.class).start(batch, "sample");
        APPLICATION.bean(Runs.class).begin(outcomes().chunk());
    }

    @AfterEach
    void close() throws IOException {
        APPLICATION.bean(Batches.class).close(batch);
    }

    @AfterAll
    static void stop() {
        OPENSEARCH.close();
    }

    @Test
    void deliversToBothThenTicksTheChunkOff() throws Exception {
        ChunkOutcomes outcomes = outcomes(Sample.fetched("ada", "[{},{}]"), Sample.failed("bob", "HTTP 404 Not Found"));
        openSearch.expectedBodiesReceived(outcomes);
        csv.expectedBodiesReceived(outcomes);

        Exchange delivered = APPLICATION.send("deliver-chunk", outcomes);

        MockEndpoint.assertIsSatisfied(APPLICATION.camel());
        assertThat(delivered.getMessage().getBody()).isEqualTo(outcomes);
        assertThat(run.counts().urls()).isEqualTo(2);
        assertThat(run.counts().errors()).isEqualTo(1);
        assertThat(run.summary()).contains("documents 1, rows 2, errors 1");
        ChunkLedger ledger = APPLICATION.bean(ChunkLedger.class);
        assertThat(ledger.done(batch.id(), "sample"))
                .extracting(DoneChunk::number)
                .containsExactly(1);
        assertThat(ledger.failed(batch.id(), "sample", -1, 10))
                .extracting(FailedUrl::failed)
                .containsExactly(Sample.failed("bob", "HTTP 404 Not Found"));
    }

    /** The index may have it or not: what the next run fetches is sent, even if it is the section of last time. */
    @Test
    void sectionWhoseDeliveryIsNotRecordedCountsAsInNoIndex() {
        SectionLedger sections = APPLICATION.bean(SectionLedger.class);
        Fetched ada = Sample.fetched("ada", "[{\"a\":1}]");
        Fetched bob = Sample.fetched("bob", "[{\"b\":1}]");
        keep(null, ada, bob);
        openSearch.whenAnyExchangeReceived(exchange -> {
            throw new PausedException("no space left");
        });

        deliver(Sample.fetched("ada", "[{\"a\":2}]"), bob.with(Change.UNCHANGED, bob.section()));

        Map<String, KeptSection> kept = sections.find("sample", List.of("ada", "bob"));
        assertThat(kept.get("ada").index()).isNull();
        assertThat(kept.get("ada").hash())
                .isEqualTo(SectionLedger.hash(ada.call().person(), ada.section()));
        assertThat(kept.get("bob").index()).isEqualTo("index-1");
    }

    /** Such as a cursor that has expired: asked for again, it would fail in every run. */
    @Test
    void versionsOfPagesThatCannotBeReadAreForgotten() {
        Validators two = new Validators(
                List.of(new Validators.Page("/1", "\"e\"", null), new Validators.Page("/2", "\"f\"", null)));
        keep(two, Sample.fetched("ada", "[{}]"), Sample.fetched("bob", "[{}]"));

        deliver(
                new Failed(Sample.fetched("ada", "[]").call(), "HTTP 410 Gone", 410, 1),
                new Failed(Sample.fetched("bob", "[]").call(), "HTTP 503 Service Unavailable", 503, 3));

        Map<String, KeptSection> kept = APPLICATION.bean(SectionLedger.class).find("sample", List.of("ada", "bob"));
        assertThat(kept.get("ada").validators()).isNull();
        assertThat(kept.get("bob").validators()).isEqualTo(two);
    }

    private void keep(Validators validators, Fetched... sections) {
        APPLICATION
                .bean(SectionLedger.class)
                .keep(
                        new SectionLedger.Delivery(batch.id(), "sample", "d", Instant.now(), "index-1", false),
                        SectionLedger.written(
                                Arrays.stream(sections).map(section -> section.with(validators)), KeptSections.NONE));
    }

    private void deliver(Outcome... outcomes) {
        KeptSections kept = new KeptSections(
                APPLICATION.bean(SectionLedger.class).find("sample", List.of("ada", "bob")), "index-1", false);
        APPLICATION.send("deliver-chunk", exchange -> {
            exchange.getMessage().setBody(outcomes(outcomes));
            exchange.setVariable("kept", kept);
        });
    }

    @Test
    void whatOpenSearchRefusesIsFailureInCsvAndInTheCounts() throws Exception {
        ChunkOutcomes refused = outcomes(Sample.failed("ada", "refused"), Sample.failed("bob", "refused"));
        openSearch.whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody(refused));
        csv.expectedBodiesReceived(refused);

        APPLICATION.send("deliver-chunk", outcomes(Sample.fetched("ada", "[{}]"), Sample.fetched("bob", "[{}]")));

        csv.assertIsSatisfied();
        assertThat(run.counts().urls()).isEqualTo(2);
        assertThat(run.counts().errors()).isEqualTo(2);
        assertThat(run.summary()).contains("documents 0, rows 0, errors 2");
    }

    @Test
    void chunkThatCsvDoesNotTakeIsNotTickedOff() throws Exception {
        csv.whenAnyExchangeReceived(exchange -> {
            throw new IOException("disk full");
        });

        Exchange delivered = APPLICATION.send("deliver-chunk", outcomes(Sample.fetched("ada", "[{}]")));

        assertThat(delivered.getException()).hasMessage("disk full");
        assertThat(run.counts().urls()).isZero();
        assertThat(APPLICATION.bean(ChunkLedger.class).done(batch.id(), "sample"))
                .isEmpty();
    }

    @Test
    void firstErrorEndsTheRunOfAnIndexerThatStopsThere(CapturedOutput log) {
        try (RouteApplication strict =
                application("csv").withTestRoute("index-strict").start()) {
            Batch open = Sample.batch(strict, "ada", "bob");
            Runs runs = strict.bean(Runs.class);
            Run started = runs.start(open, "strict");
            Chunk chunk = new Chunk(open.id(), "strict", 1, List.of(Sample.person("ada"), Sample.person("bob")));
            runs.begin(chunk);

            strict.send(
                    "deliver-chunk",
                    new ChunkOutcomes(chunk, List.of(Sample.fetched("ada", "[]"), Sample.failed("bob", "gone"))));
            runs.end(started);

            assertThat(started.isStopping()).isTrue();
            assertThat(started.state()).isEqualTo(State.FAILED);
            String reason = "stopped on the first error: http://people.test/people/bob/sample: gone";
            assertThat(started.summary()).endsWith(" (" + reason + ")");
            assertThat(log).contains(reason);
            assertThat(strict.bean(ChunkLedger.class).failed(open.id(), "strict", -1, 10))
                    .hasSize(1);
        }
    }

    @Test
    void errorsDoNotEndTheRunOfAnotherIndexer() {
        APPLICATION.send("deliver-chunk", outcomes(Sample.failed("ada", "gone"), Sample.failed("bob", "gone")));

        assertThat(run.isStopping()).isFalse();
        assertThat(run.state()).isEqualTo(State.RUNNING);
    }

    @Test
    void deliversToCsvOnly() throws Exception {
        assertDeliversOnly("csv", "documents 0, rows 1, errors 0", "deliver-csv", "deliver-opensearch");
    }

    @Test
    void deliversToOpenSearchOnly() throws Exception {
        assertDeliversOnly("opensearch", "documents 1, rows 0, errors 0", "deliver-opensearch", "deliver-csv");
    }

    private static void assertDeliversOnly(String target, String counts, String reached, String left) throws Exception {
        try (RouteApplication one = application(target).start()) {
            Batch open = Sample.batch(one, "ada");
            Run started = one.bean(Runs.class).start(open, "sample");
            one.mock(reached).expectedMessageCount(1);
            one.mock(left).expectedMessageCount(0);
            ChunkOutcomes outcomes = outcomes(open, Sample.fetched("ada", "[{}]"));
            one.bean(Runs.class).begin(outcomes.chunk());

            one.send("deliver-chunk", outcomes);

            MockEndpoint.assertIsSatisfied(one.camel());
            assertThat(started.summary()).contains(counts);
        }
    }

    private static RouteApplication application(String targets) {
        return RouteApplication.of("deliver-chunk", "index-chunk")
                .withTestRoute("index-sample")
                .with("colleagues.deliver-to", targets)
                .with("colleagues.opensearch.url", OPENSEARCH.url())
                .with("deliver-chunk", route -> {
                    route.weaveById("to-opensearch").replace().to("mock:deliver-opensearch");
                    route.weaveById("to-csv").replace().to("mock:deliver-csv");
                });
    }

    private ChunkOutcomes outcomes(Outcome... outcomes) {
        return outcomes(batch, outcomes);
    }

    private static ChunkOutcomes outcomes(Batch batch, Outcome... outcomes) {
        Chunk chunk = Sample.outcomes(outcomes).chunk();
        return new ChunkOutcomes(
                new Chunk(batch.id(), chunk.indexer(), chunk.number(), chunk.people()), List.of(outcomes));
    }
}
