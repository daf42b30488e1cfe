package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.ledger.ExportEntry;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.ExportBatches;
import org.colleaguesearch.runs.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** And what continues exports, which is a list of those to begin. */
class BeginExportRouteTest {
    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("begin-export")
            .with(
                    "begin-export",
                    route -> route.weaveById("begin-in-background").replace().to("mock:run-export-batch"));

    private MockEndpoint running;

    @BeforeEach
    void mock() {
        running = APPLICATION.mock("run-export-batch");
    }

    @AfterEach
    void forgetAll() {
        for (Exchange exchange : running.getExchanges()) {
            APPLICATION.bean(ExportBatches.class).close(exchange.getMessage().getBody(Batch.class));
        }
        APPLICATION.bean(JdbcClient.class).sql("delete from batch").update();
    }

    @Test
    void opensBatchOfExport() {
        begin(accepted("e1"));

        Batch batch = running.getExchanges().getFirst().getMessage().getBody(Batch.class);
        assertThat(batch.id()).isEqualTo("e1");
        assertThat(batch.isListed()).isTrue();
        assertThat(batch.people().size()).isEqualTo(2);
        assertThat(batch.pending()).extracting(Run::indexer).containsExactly(Indexer.EXPORT);
    }

    @Test
    void beginsNoExportTwice() {
        ExportEntry export = accepted("e1");

        begin(export);
        begin(export);

        assertThat(running.getReceivedCounter()).isOne();
    }

    @Test
    void beginsOthersMeanwhile() throws InterruptedException {
        running.expectedMessageCount(2);

        begin(accepted("e1"));
        begin(accepted("e2"));

        MockEndpoint.assertIsSatisfied(APPLICATION.camel(), 1, TimeUnit.SECONDS);
    }

    @Test
    void beginsNothingThatHasEnded() {
        ExportEntry export = accepted("e1");
        Ledger ledger = APPLICATION.bean(Ledger.class);
        ledger.endBatch("e1", State.COMPLETED, null, Instant.now());

        begin(export);

        assertThat(running.getReceivedCounter()).isZero();
        assertThat(APPLICATION.bean(ExportBatches.class).isOpen("e1")).isFalse();
    }

    private static ExportEntry accepted(String batchId) {
        ExportLedger ledger = APPLICATION.bean(ExportLedger.class);
        ledger.accept(batchId, Instant.now(), "key", batchId, "digest", null, List.of("http://a", "http://b"), 100);
        return ledger.find("key", batchId).orElseThrow();
    }

    private static void begin(ExportEntry export) {
        Exchange begun = APPLICATION.send("begin-export", exchange -> exchange.setVariable("export", export));
        assertThat(begun.getException()).isNull();
    }
}
