package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.NotRetriable;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.jdbc.core.simple.JdbcClient;

class RetryErrorsRouteTest {
    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("retry-errors", "index-chunk")
            .withTestRoute("index-sample")
            .withTestRoute("index-other")
            .with(
                    "retry-errors",
                    route -> route.weaveById("run-again").replace().to("mock:run-batch"));

    private MockEndpoint batches;

    @BeforeEach
    void mock() {
        batches = APPLICATION.mock("run-batch");
    }

    @AfterEach
    void forgetAll() {
        batches.getExchanges().forEach(exchange -> close(exchange.getMessage().getBody(Batch.class)));
        APPLICATION.bean(JdbcClient.class).sql("delete from batch").update();
    }

    @Test
    void opensBatchAgainWithTheRunsThatHaveFailedUrls(CapturedOutput log) {
        Batch completed = Ended.closed(APPLICATION, Sample.fetched("ada", "[{}]"), Sample.failed("bob", "gone"));

        Batch batch = retry(completed.id()).getMessage().getBody(Batch.class);

        assertThat(batches.getExchanges())
                .extracting(exchange -> exchange.getMessage().getBody())
                .containsExactly(batch);
        assertThat(batch.id()).isEqualTo(completed.id());
        assertThat(batch.isListed()).isTrue();
        assertThat(batch.runs()).extracting(Run::indexer).containsExactly("other", "sample");
        assertThat(batch.pending()).extracting(Run::indexer).containsExactly("sample");
        assertThat(batch.pending().getFirst().counts()).isEqualTo(new Counts(2, 0, 1, 1, 2));
        assertThat(log).contains("batch " + batch.id() + " reopened to retry 1 failed URLs");
    }

    @Test
    void hasNothingToRunWhereNothingHasFailed() {
        Batch completed = Ended.closed(APPLICATION, Sample.fetched("ada", "[{}]"));

        Batch batch = retry(completed.id()).getMessage().getBody(Batch.class);

        assertThat(batch.pending()).isEmpty();
        assertThat(batch.exitCode()).isZero();
    }

    @Test
    void refusesUnknownBatch() {
        assertRefused("20260101T020000000Z", "unknown batch 20260101T020000000Z: not in the ledger");
    }

    @Test
    void refusesBatchThatIsUnderWay() {
        Batch underWay = Sample.batch(APPLICATION, "ada");

        assertRefused(
                underWay.id(),
                "batch " + underWay.id() + " is running: only the failed URLs of a completed batch can be retried");
        close(underWay);
    }

    @Test
    void refusesBatchThatIsStillToBeContinued() {
        Batch paused = Sample.batch(APPLICATION, "ada");
        Runs runs = APPLICATION.bean(Runs.class);
        runs.end(runs.start(paused, "other"));
        runs.fail(runs.start(paused, "sample"), new IOException("disk full"));
        close(paused);

        assertRefused(
                paused.id(),
                "batch " + paused.id() + " is paused: only the failed URLs of a completed batch can be retried");
        assertThat(paused.state()).isEqualTo(State.PAUSED);
    }

    @Test
    void refusesWhileAnIndexerRunsInAnotherBatchAndFreesTheOthers() {
        Batch completed = Ended.closed(APPLICATION, Sample.failed("bob", "gone"));
        Batch other = Sample.batch(APPLICATION, "ada");

        assertRefused(completed.id(), "indexer other is still running in batch " + other.id());

        close(other);
        assertThat(retry(completed.id()).getException()).isNull();
    }

    /** It could not be run, and the batch would be paused, then abandoned. */
    @Test
    void refusesBatchOfAnIndexerThatIsGone() {
        Batch completed = Ended.closed(APPLICATION, Sample.failed("bob", "gone"));
        APPLICATION
                .bean(JdbcClient.class)
                .sql("set referential_integrity false")
                .update();
        for (String table : List.of("run", "chunk", "failed_url")) {
            APPLICATION
                    .bean(JdbcClient.class)
                    .sql("update " + table + " set indexer = 'books' where indexer = 'sample'")
                    .update();
        }
        APPLICATION.bean(JdbcClient.class).sql("set referential_integrity true").update();

        assertRefused(
                completed.id(),
                "batch " + completed.id() + " has outcomes of indexer books, which is no longer in the route files");
        assertThat(APPLICATION
                        .bean(Ledger.class)
                        .batch(completed.id())
                        .orElseThrow()
                        .state())
                .isEqualTo(State.COMPLETED);
    }

    /** Rows with the one columns would come among those with the others. */
    @Test
    void refusesBatchOfAnIndexerWhoseColumnsWereEdited() throws IOException {
        Batch completed = Ended.closed(APPLICATION, Sample.failed("bob", "gone"));
        Path columns = APPLICATION.csv().resolve("sample").resolve(completed.id() + ".parts/columns.csv");
        Files.createDirectories(columns.getParent());
        Files.writeString(columns, "person_id,before\r\n");

        assertRefused(
                completed.id(),
                "the columns of indexer sample or the dialect in colleagues.csv have changed since batch "
                        + completed.id() + ": restore them, or start a new batch");
    }

    /** Else its URLs would be called twice at once. */
    @Test
    void nothingElseRunsItsIndexersMeanwhile() {
        Batch completed = Ended.closed(APPLICATION, Sample.failed("bob", "gone"));
        batches.whenAnyExchangeReceived(exchange ->
                assertThat(APPLICATION.bean(Batches.class).open("test").runs()).isEmpty());

        assertThat(retry(completed.id()).getException()).isNull();
    }

    private void assertRefused(String batchId, String reason) {
        Exchange ended = retry(batchId);

        assertThat(ended.getException()).isInstanceOf(NotRetriable.class).hasMessage(reason);
        assertThat(batches.getExchanges()).isEqualTo(List.of());
    }

    private static Exchange retry(String batchId) {
        return APPLICATION.send("retry-errors", batchId);
    }

    private static void close(Batch batch) {
        APPLICATION.bean(Batches.class).close(batch);
    }
}
