package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

class ResumeRouteTest {
    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("resume", "index-chunk")
            .withTestRoute("index-sample")
            .withTestRoute("index-other")
            .with("resume", route -> route.weaveById("continue-batch").replace().to("mock:run-batch"));

    private Ledger ledger;
    private MockEndpoint batches;

    @BeforeEach
    void mock() {
        ledger = APPLICATION.bean(Ledger.class);
        batches = APPLICATION.mock("run-batch");
    }

    @AfterEach
    void forgetAll() {
        batches.getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(Batch.class))
                .forEach(APPLICATION.bean(Batches.class)::close);
        APPLICATION.bean(JdbcClient.class).sql("delete from batch").update();
    }

    @Test
    void continuesNothingWhenAllIsDone() {
        assertThat(resume()).isEmpty();
        assertThat(batches.getReceivedCounter()).isZero();
    }

    @Test
    void continuesEachUnfinishedBatchOldestFirst() {
        ledger.open("b1", "test", Instant.now(), List.of("sample"), 100, false, null);
        ledger.open("b2", "test", Instant.now(), List.of("other"), 100, false, null);

        List<Batch> continued = resume();

        assertThat(continued).extracting(Batch::id).containsExactly("b1", "b2");
        assertThat(batches.getExchanges())
                .extracting(exchange -> exchange.getMessage().getBody())
                .containsExactlyElementsOf(continued);
        assertThat(continued.getFirst().pending()).extracting(Run::indexer).containsExactly("sample");
    }

    @Test
    void continuesOneAfterTheOther() throws Exception {
        ledger.open("b1", "test", Instant.now(), List.of("sample"), 100, false, null);
        ledger.open("b2", "test", Instant.now(), List.of("other"), 100, false, null);
        batches.whenExchangeReceived(
                1, exchange -> assertThat(batches.getReceivedCounter()).isEqualTo(1));
        batches.expectedMessageCount(2);

        resume();

        batches.assertIsSatisfied();
    }

    @Test
    void continuesNoBatchTwiceAtOnce() {
        ledger.open("b1", "test", Instant.now(), List.of("sample"), 100, false, null);

        assertThat(resume()).hasSize(1);
        assertThat(resume()).isEmpty();
    }

    @Test
    void doesNotContinueWhatIsAbandoned() {
        ledger.open("b1", "test", Instant.now().minusSeconds(140_000), List.of("sample"), 100, false, null);

        assertThat(resume()).isEmpty();
        assertThat(ledger.batch("b1").map(BatchEntry::state)).contains(State.ABANDONED);
    }

    @SuppressWarnings("unchecked") // as routes/resume says
    private static List<Batch> resume() {
        Exchange ended = APPLICATION.send("resume", "test");
        assertThat(ended.getException()).isNull();
        return ended.getMessage().getBody(List.class);
    }
}
