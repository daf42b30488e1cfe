package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.routes.SharedApplication.Answer;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.jdbc.core.simple.JdbcClient;

@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class RetryRunErrorsRouteTest {
    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    private final List<Batch> opened = new CopyOnWriteArrayList<>();

    @BeforeEach
    void noteWhatRuns() {
        SharedApplication.running = exchange -> opened.add(exchange.getMessage().getBody(Batch.class));
    }

    @AfterEach
    void closeAll() {
        opened.forEach(API::close);
    }

    @Test
    void opensTheRunAgainInTheBackground() {
        Batch completed = failed();

        Answer answer = retry(completed);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Location")).isEqualTo("/api/runs/" + completed.id() + "-sample");
        assertThat(answer.json().path("id").asText()).isEqualTo(completed.id() + "-sample");
        assertThat(answer.json().path("state").asText()).isEqualTo("running");
        assertThat(answer.json().path("errors").asInt()).isEqualTo(1);
        awaitOpened(1);
        assertThat(opened.getFirst().pending()).extracting(Run::indexer).containsExactly("sample");
    }

    @Test
    void isShownAsCompletedWhenTheRetryHasEnded() {
        Batch completed = failed();
        retry(completed);
        awaitOpened(1);
        Runs runs = API.bean(Runs.class);
        Run run = runs.start(opened.getFirst(), "sample");
        assertThat(state(completed)).isEqualTo("running");

        runs.end(run);

        assertThat(state(completed)).isEqualTo("completed");
    }

    @Test
    void leavesOtherIndexersFree() {
        retry(failed());
        awaitOpened(1);

        Batch next = API.bean(Batches.class).open("test");

        assertThat(next.runs()).extracting(Run::indexer).containsExactly("other");
        API.close(next);
    }

    @Test
    void refusesASecondTimeAtOnce() {
        Batch completed = failed();
        retry(completed);

        assertRefused(retry(completed), 409, "batch " + completed.id() + " is already in progress");
        assertRefused(
                API.call("retry-run-errors", completed.id() + "-other"),
                409,
                "batch " + completed.id() + " is already in progress");
        awaitOpened(1);
    }

    @Test
    void refusesWhileTheIndexerRunsInAnotherBatch() {
        Batch completed = failed();
        Batch other = Sample.batch(API.application(), "ada");

        assertRefused(retry(completed), 409, "indexer sample is still running in batch " + other.id());

        API.close(other);
        assertThat(retry(completed).status()).isEqualTo(202);
        awaitOpened(1);
    }

    @Test
    void refusesARunThatIsNotCompleted() {
        Batch underWay = Sample.batch(API.application(), "ada");

        assertRefused(
                retry(underWay),
                409,
                "run " + underWay.id()
                        + "-sample is not started: only the failed URLs of a completed run can be retried");
        API.close(underWay);
    }

    /** The batch would be opened twice, or count as completed when it is not. */
    @Test
    void refusesACompletedRunOfABatchThatIsToGoOn() {
        Batch batch = Ended.batch(API.application(), Sample.failed("bob", "gone"));
        Batch paused = pause(batch);

        assertRefused(retry(paused), 409, "batch " + paused.id() + " is paused: its other runs must finish first");
    }

    /** The batch stays what it was: its other run is not completed by this. */
    @Test
    void retriesACompletedRunOfABatchWhoseOtherRunWasCancelled() {
        Batch batch = pause(Ended.batch(API.application(), Sample.failed("bob", "gone")));
        API.call("cancel-run", batch.id() + "-other");

        assertThat(retry(batch).status()).isEqualTo(202);

        awaitOpened(1);
        Runs runs = API.bean(Runs.class);
        runs.end(runs.start(opened.getFirst(), "sample"));
        API.close(opened.removeFirst());
        Ledger ledger = API.bean(Ledger.class);
        assertThat(ledger.batch(batch.id()).orElseThrow().state()).isEqualTo(State.CANCELLED);
        assertThat(ledger.batch(batch.id()).orElseThrow().error()).isEqualTo("cancelled by ops");
        assertThat(ledger.runs(batch.id()))
                .extracting(RunEntry::state)
                .containsExactly(State.CANCELLED, State.COMPLETED);
    }

    @Test
    void refusesACompletedRunOfABatchThatWasAbandoned() {
        Batch batch = pause(Ended.batch(API.application(), Sample.failed("bob", "gone")));
        API.bean(Ledger.class).endBatch(batch.id(), State.ABANDONED, "too old", Instant.now());

        assertRefused(retry(batch), 409, "batch " + batch.id() + " is abandoned: its list of people has been deleted");
    }

    @Test
    void knowsNoOtherRun() {
        assertRefused(
                API.call("retry-run-errors", "20260101T020000000Z-sample"),
                404,
                "unknown run '20260101T020000000Z-sample'; it may have been deleted");
    }

    /** A closed batch whose run of sample is completed with an error. */
    private static Batch failed() {
        return Ended.closed(API.application(), Sample.failed("bob", "gone"));
    }

    /** Has the ledger take the batch's run of other as paused. */
    private static Batch pause(Batch batch) {
        API.bean(JdbcClient.class)
                .sql("update run set state = 'running' where indexer = 'other'")
                .update();
        API.bean(Runs.class)
                .fail(
                        batch.runs().stream()
                                .filter(run -> run.indexer().equals("other"))
                                .findFirst()
                                .orElseThrow(),
                        new IOException("disk full"));
        API.close(batch);
        return batch;
    }

    private static String state(Batch batch) {
        return API.call("get-run", batch.id() + "-sample").json().path("state").asText();
    }

    private static Answer retry(Batch batch) {
        return API.call("retry-run-errors", batch.id() + "-sample");
    }

    private static void assertRefused(Answer answer, int status, String detail) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("detail").asText()).isEqualTo(detail);
        assertThat(answer.header("Location")).isNull();
    }

    private void awaitOpened(int batches) {
        await().until(() -> opened.size() == batches);
    }
}
