package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.MDC;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class BatchCompletedRouteTest {
    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("batch-completed", "index-chunk")
            .withTestRoute("index-sample")
            .withTestRoute("index-other");

    @Test
    void logsOneSummaryLineForEachRun(CapturedOutput log) throws IOException {
        Batch batch = Sample.batch(APPLICATION, "ada", "bob");
        Runs runs = APPLICATION.bean(Runs.class);
        Run other = runs.start(batch, "other");
        Run sample = runs.start(batch, "sample");
        runs.end(other);
        runs.fail(sample, new IOException("disk full"));

        Exchange ended = complete(batch);

        assertThat(ended.getException()).isNull();
        assertThat(MDC.get("run")).isNull();
        assertThat(log.getOut().lines())
                .filteredOn(line -> line.contains(" batch-completed "))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains(" [" + batch.id() + " other] ")
                                .contains("run other completed: people 2, URLs 0, documents 0, rows 0, errors 0, "),
                        line -> assertThat(line)
                                .contains(" [" + batch.id() + " sample] ")
                                .contains("run sample failed: people 2, ")
                                .contains("(IOException: disk full)"));
    }

    @Test
    void indexersMayRunAgainAndThePeopleFileIsRemoved() throws IOException {
        Batch batch = Sample.batch(APPLICATION, "ada");
        assertThat(APPLICATION.bean(Batches.class).open("test").runs()).isEmpty();

        complete(batch);

        Batch next = APPLICATION.bean(Batches.class).open("test");
        assertThat(next.runs()).extracting(Run::indexer).containsExactly("other", "sample");
        assertThat(batch.people().size()).isEqualTo(1);
        complete(next);
    }

    @Test
    void closesBatchThatFailedBeforeItsRuns() throws IOException {
        Batches batches = APPLICATION.bean(Batches.class);
        Batch batch = batches.open("test");
        batches.fail(batch, new IOException("no list"));

        Exchange ended = complete(batch);

        assertThat(ended.getException()).isNull();
        Batch next = batches.open("test");
        assertThat(next.runs()).hasSize(2);
        complete(next);
    }

    private static Exchange complete(Batch batch) {
        return APPLICATION.send("batch-completed", exchange -> exchange.setVariable("batch", batch));
    }
}
