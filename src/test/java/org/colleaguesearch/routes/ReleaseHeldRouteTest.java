package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Fetched.Change;
import org.colleaguesearch.indexing.KeptSections;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReleaseHeldRouteTest {
    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("release-held", "index-chunk")
            .withTestRoute("index-sample")
            .with(
                    "release-held",
                    route -> route.weaveById("deliver-empty").replace().to("mock:deliver-chunk"));

    private final MockEndpoint delivered = APPLICATION.mock("deliver-chunk");
    private Batch batch;
    private Run run;

    /** A run with a section that is held in each of two chunks, beside one that is not. */
    @BeforeEach
    void hold() {
        batch = Sample.batch(APPLICATION, "ada", "bob", "cy");
        Runs runs = APPLICATION.bean(Runs.class);
        run = runs.start(batch, "sample");
        checkpoint(1, held("ada"), Sample.fetched("bob", "[{\"a\":1}]"));
        checkpoint(2, held("cy"));
    }

    @AfterEach
    void close() {
        APPLICATION.bean(Batches.class).close(batch);
    }

    @Test
    void deliversAnEmptySectionForEachPersonWhoseOutcomeIsHeld() throws InterruptedException {
        delivered.expectedBodiesReceived(empty(1, "ada"), empty(2, "cy"));

        Exchange released = APPLICATION.send("release-held", exchange -> exchange.setVariable("run", run));

        delivered.assertIsSatisfied();
        assertThat(released.getException()).isNull();
    }

    @Test
    void failureOfAChunkIsThatOfTheRun() {
        delivered.whenAnyExchangeReceived(exchange -> {
            throw new PausedException("no space left");
        });

        Exchange released = APPLICATION.send("release-held", exchange -> exchange.setVariable("run", run));

        assertThat(released.getException()).isInstanceOf(PausedException.class);
        assertThat(delivered.getReceivedCounter()).isEqualTo(1);
    }

    private void checkpoint(int number, Outcome... outcomes) {
        Chunk chunk = new Chunk(
                batch.id(),
                "sample",
                number,
                List.of(outcomes).stream().map(each -> each.call().person()).toList());
        Runs runs = APPLICATION.bean(Runs.class);
        runs.begin(chunk);
        runs.checkpoint(new ChunkOutcomes(chunk, List.of(outcomes)), KeptSections.NONE);
    }

    private ChunkOutcomes empty(int number, String id) {
        Fetched held = held(id);
        return new ChunkOutcomes(
                new Chunk(batch.id(), "sample", number, List.of(held.call().person()), Chunk.Part.HELD),
                List.of(new Fetched(held.call(), Sample.json("[]"), null, 1, 0)));
    }

    private static Fetched held(String id) {
        return Sample.fetched(id, "[{\"a\":1}]").with(Change.HELD, Sample.json("[{\"a\":1}]"));
    }
}
