package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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

/** That chunks in flight end, and no new one begins, is shown by CancelRunIT. */
@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class CancelRunRouteTest {
    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    private final Runs runs = API.bean(Runs.class);
    private Batch batch;

    @BeforeEach
    void open() {
        batch = Sample.batch(API.application(), "ada");
    }

    @AfterEach
    void close() {
        API.close(batch);
    }

    @Test
    void runUnderWayIsToldToStopAndTheOthersAreNot() throws IOException {
        Run sample = runs.start(batch, "sample");
        Run other = runs.start(batch, "other");
        part(batch);

        Answer answer = cancel();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("state").asText()).isEqualTo("cancelled");
        assertThat(answer.json().path("error").asText()).isEqualTo("cancelled by ops");
        assertThat(sample.isStopping()).isTrue();
        assertThat(other.isStopping()).isFalse();
        complete(sample);
        complete(other);
        completeBatch();
        assertThat(batch.state()).isEqualTo(State.CANCELLED);
        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(states()).containsExactly(State.COMPLETED, State.CANCELLED);
        assertThat(state()).isEqualTo(State.CANCELLED);
        assertThat(sample.summary()).startsWith("run sample cancelled: ").endsWith("(cancelled by ops)");
        assertThat(files()).isEmpty();
        assertThat(API.application().csv().resolve("other").resolve(batch.id() + ".csv"))
                .exists();
    }

    @Test
    void runThatWaitsForItsTurnDoesNotBegin() {
        Run sample = batch.runs().get(1);
        cancel();

        assertThat(API.application()
                        .send("run-sample", exchange -> exchange.setVariable("batch", batch))
                        .getException())
                .isNull();

        assertThat(sample.state()).isEqualTo(State.CANCELLED);
        assertThat(sample.counts().urls()).isZero();
        assertThat(states()).containsExactly(State.NOT_STARTED, State.CANCELLED);
    }

    /** The ledger has it first: whatever the run made of it meanwhile, it is cancelled. */
    @Test
    void runThatEndsAtThatMomentIsCancelledAndLeavesNoFile() throws IOException {
        Run sample = runs.start(batch, "sample");
        runs.end(runs.start(batch, "other"));
        API.bean(Ledger.class).cancelRun(batch.id(), "sample", "cancelled by ops", Instant.now());

        complete(sample);
        assertThat(sample.state()).isEqualTo(State.CANCELLED);
        assertThat(files()).isNotEmpty();
        completeBatch();

        assertThat(files()).isEmpty();
        assertThat(states()).containsExactly(State.COMPLETED, State.CANCELLED);
        assertThat(API.call("get-run", id()).json().path("error").asText()).isEqualTo("cancelled by ops");
    }

    @Test
    void runThatPausedWhileOthersOfItsBatchGoOnIsNotContinued() {
        Run sample = runs.start(batch, "sample");
        Run other = runs.start(batch, "other");
        runs.fail(sample, new IOException("disk full"));

        cancel();
        runs.end(sample);
        runs.end(other);
        completeBatch();

        assertThat(state()).isEqualTo(State.CANCELLED);
        assertThat(API.bean(Ledger.class).unfinished()).isEmpty();
    }

    @Test
    void pausedRunIsCancelledInTheLedgerWithItsBatch() throws IOException {
        runs.end(runs.start(batch, "other"));
        runs.fail(runs.start(batch, "sample"), new IOException("disk full"));
        part(batch);
        API.close(batch);
        assertThat(state()).isEqualTo(State.PAUSED);

        Answer answer = cancel();

        assertThat(answer.json().path("state").asText()).isEqualTo("cancelled");
        assertThat(state()).isEqualTo(State.CANCELLED);
        assertThat(files()).isEmpty();
        assertThat(API.bean(Ledger.class).unfinished()).isEmpty();
    }

    @Test
    void pausedBatchGoesOnWithItsOtherRuns() {
        runs.fail(runs.start(batch, "other"), new IOException("disk full"));
        runs.fail(runs.start(batch, "sample"), new IOException("disk full"));
        API.close(batch);

        cancel();

        assertThat(state()).isEqualTo(State.PAUSED);
        assertThat(states()).containsExactly(State.PAUSED, State.CANCELLED);
    }

    @Test
    void runThatHasEndedStaysAsItIs() throws IOException {
        runs.end(runs.start(batch, "other"));
        complete(runs.start(batch, "sample"));
        completeBatch();

        Answer answer = cancel();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("state").asText()).isEqualTo("completed");
        assertThat(answer.json().has("error")).isFalse();
        assertThat(files()).isNotEmpty();
        assertThat(cancel().json().path("state").asText()).isEqualTo("completed");
    }

    /** Its URLs all have an outcome; those that still failed can be called again. */
    @Test
    void retryEndsAndTheRunStaysCompleted() {
        API.close(batch);
        batch = Ended.closed(API.application(), Sample.failed("bob", "gone"));
        API.call("retry-run-errors", id());
        await().until(() -> API.mock("run-batch").getReceivedCounter() == 1);
        Batch retry =
                API.mock("run-batch").getExchanges().getFirst().getMessage().getBody(Batch.class);

        Answer answer = cancel();

        assertThat(answer.json().path("state").asText()).isEqualTo("completed");
        assertThat(retry.pending()).singleElement().satisfies(run -> {
            assertThat(run.isStopping()).isTrue();
            assertThat(run.state()).isEqualTo(State.PAUSED);
        });
        API.close(retry);
        assertThat(states()).containsOnly(State.COMPLETED);
        assertThat(state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void listingEndsWhenNoRunIsLeftThatWantsIt() {
        API.close(batch);
        batch = API.bean(Batches.class).open("test");
        cancel();
        assertThat(API.bean(Batches.class).listing(batch).add(List.of(Sample.person("ada"))))
                .isTrue();
        API.call("cancel-run", batch.id() + "-other");

        Exception ended =
                catchException(() -> API.bean(Batches.class).listing(batch).add(List.of(Sample.person("bob"))));
        API.bean(Batches.class).fail(batch, ended);
        completeBatch();

        assertThat(ended).hasMessage("all runs of the batch are cancelled");
        assertThat(state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void knowsNoOtherRun() {
        assertThat(API.call("cancel-run", "20260101T020000000Z-sample").status())
                .isEqualTo(404);
        assertThat(API.call("cancel-run", batch.id() + "-nothing").status()).isEqualTo(404);
    }

    private String id() {
        return batch.id() + "-sample";
    }

    private Answer cancel() {
        return API.call("cancel-run", id());
    }

    private void complete(Run run) {
        assertThat(API.application()
                        .send("complete-run", exchange -> exchange.setVariable("run", run))
                        .getException())
                .isNull();
    }

    private void completeBatch() {
        assertThat(API.application()
                        .send("batch-completed", exchange -> exchange.setVariable("batch", batch))
                        .getException())
                .isNull();
    }

    private State state() {
        return API.bean(Ledger.class).batch(batch.id()).orElseThrow().state();
    }

    private List<State> states() {
        return API.bean(Ledger.class).runs(batch.id()).stream()
                .map(RunEntry::state)
                .toList();
    }

    private static void part(Batch batch) throws IOException {
        Path parts = API.application().csv().resolve("sample").resolve(batch.id() + ".parts");
        Files.createDirectories(parts);
        Files.writeString(parts.resolve("000000001.csv"), "ada,A,1\r\n");
    }

    /** What there is of the run's files and parts. */
    private List<Path> files() throws IOException {
        Path folder = Files.createDirectories(API.application().csv().resolve("sample"));
        try (var all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().startsWith(batch.id()))
                    .toList();
        }
    }
}
