package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.ledger.ChunkLedger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chunk of which a call has waited for the API until its patience was over. */
class PausedChunkRouteTest {
    private static volatile Processor fetching;

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("index-chunk", "fetch-section")
            .withTestRoute("index-sample")
            .with(
                    "fetch-sample",
                    route -> route.weaveById("fetch-section").replace().process(exchange -> fetching.process(exchange)))
            .with(
                    "index-sample",
                    route -> route.weaveById("deliver-outcomes").replace().to("mock:deliver-chunk"));

    private MockEndpoint delivered;

    @BeforeEach
    void mock() {
        delivered = APPLICATION.mock("deliver-chunk");
        Sample.openRun(APPLICATION, "sample");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "bob", "dee"})
    void deliversNothingAndFails(String paused) {
        fetching = exchange -> {
            if (exchange.getMessage().getBody(String.class).contains("/" + paused + "/")) {
                throw new PausedException("the API gives no good answer");
            }
            answer(exchange);
        };

        assertThat(index().getException())
                .isInstanceOf(PausedException.class)
                .hasMessage("the API gives no good answer");
        assertThat(delivered.getReceivedCounter()).isZero();
    }

    @Test
    void deliversNothingAndFailsWhenAllCallsWaitedAndOthersFailed() {
        fetching = exchange -> {
            if (exchange.getMessage().getBody(String.class).contains("/ada/")) {
                throw new IOException("Connection reset");
            }
            throw new PausedException("the API gives no good answer");
        };

        assertThat(index().getException()).isInstanceOf(PausedException.class);
        assertThat(delivered.getReceivedCounter()).isZero();
    }

    @Test
    void isNotDoneAndIsDeliveredWholeTheNextTime() {
        fetching = exchange -> {
            throw new PausedException("the API gives no good answer");
        };
        index();
        assertThat(APPLICATION.bean(ChunkLedger.class).done(Sample.BATCH_ID, "sample"))
                .isEmpty();

        fetching = PausedChunkRouteTest::answer;
        assertThat(index().getException()).isNull();

        assertThat(delivered.getExchanges()).hasSize(1);
        assertThat(delivered
                        .getExchanges()
                        .getFirst()
                        .getMessage()
                        .getBody(ChunkOutcomes.class)
                        .fetched())
                .extracting(fetched -> fetched.call().person().id())
                .containsExactly("ada", "bob", "cy", "dee");
    }

    private static Exchange index() {
        return APPLICATION.send("index-sample", Sample.chunk("ada", "bob", "cy", "dee"));
    }

    private static void answer(Exchange exchange) {
        exchange.getMessage().setBody(Sample.json("{\"sample\":[{}]}"));
    }
}
