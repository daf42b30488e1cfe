package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.colleaguesearch.delivery.NotDeliverable;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.ledger.ExportEntry;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.ExportBatches;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.jdbc.core.simple.JdbcClient;

class RunExportBatchRouteTest {
    private static final String BATCH = "20260101T020000000Z";

    private static volatile Processor fetching;

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("run-export-batch")
            .with(
                    "run-export-batch",
                    route -> route.weaveById("start-export").replace().process(exchange -> fetching.process(exchange)));

    @AfterEach
    void forgetAll() {
        APPLICATION.bean(JdbcClient.class).sql("delete from batch").update();
    }

    @Test
    void closesExportThatIsCompleted(CapturedOutput log) {
        fetching = exchange -> {
            Runs runs = APPLICATION.bean(Runs.class);
            runs.end(runs.start(exchange.getVariable("batch", Batch.class), Indexer.EXPORT));
        };

        run();

        assertThat(entry().state()).isEqualTo(State.COMPLETED);
        assertThat(APPLICATION.bean(ExportBatches.class).isOpen(BATCH)).isFalse();
        assertThat(log).contains("[" + BATCH + "] run export completed: people 1, URLs 0");
    }

    @Test
    void pausesExportThatCannotEvenStart(CapturedOutput log) {
        fetching = exchange -> {
            throw new IllegalStateException("the database is down");
        };

        run();

        assertThat(entry().state().isFinal()).isFalse();
        assertThat(log).contains("batch " + BATCH + " paused: ");
        assertThat(APPLICATION.bean(ExportBatches.class).isOpen(BATCH)).isFalse();
        assertThat(APPLICATION.bean(ExportLedger.class).unfinished()).hasSize(1);
    }

    @Test
    void removesTheFilesOfExportThatHasFailed() {
        fetching = exchange -> {
            Runs runs = APPLICATION.bean(Runs.class);
            Files.createDirectories(APPLICATION.exports().resolve(BATCH + "/parts"));
            runs.fail(
                    runs.start(exchange.getVariable("batch", Batch.class), Indexer.EXPORT),
                    new NotDeliverable("it is too large"));
        };

        run();

        assertThat(entry().state()).isEqualTo(State.FAILED);
        assertThat(entry().error()).isEqualTo("it is too large");
        assertThat(APPLICATION.exports().resolve(BATCH)).doesNotExist();
    }

    @Test
    void headersOfTheRequestGoNoFurther() {
        fetching = exchange -> assertThat(exchange.getMessage().getHeaders()).isEmpty();

        assertThat(run().getException()).isNull();
    }

    private static Exchange run() {
        ExportLedger ledger = APPLICATION.bean(ExportLedger.class);
        ledger.accept(BATCH, Instant.now(), "key", "job", "digest", null, List.of("http://a"), 100);
        Batch batch = APPLICATION.bean(ExportBatches.class).open(BATCH, 1, "key");
        return APPLICATION.send("run-export-batch", exchange -> {
            exchange.getMessage().setBody(batch);
            exchange.getMessage().setHeader("Prefer", "respond-async");
        });
    }

    private static ExportEntry entry() {
        return APPLICATION.bean(ExportLedger.class).find("key", "job").orElseThrow();
    }
}
