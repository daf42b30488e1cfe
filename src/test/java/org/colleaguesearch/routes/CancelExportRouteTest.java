package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.routes.Exporting.request;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.colleaguesearch.delivery.ExportFiles;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.routes.Exporting.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

@Timeout(90)
class CancelExportRouteTest {
    private static final Exporting CALLS = new Exporting();

    @RegisterExtension
    static final RouteApplication APPLICATION = CALLS.application()
            .with("camel.threadpool.config.export-jobs.pool-size", 1)
            .with("camel.threadpool.config.export-chunks.pool-size", 2);

    @AfterEach
    void reset() {
        CALLS.reset(APPLICATION);
    }

    @Test
    void noNewChunkBeginsAndThoseInFlightEnd() {
        Door door = CALLS.hold();
        Exporting.createAsync(APPLICATION, "key", request("job", 1, 2, 3, 4, 5, 6, 7, 8));
        door.awaitHeld(4);

        Answer cancelled = cancel("key", "job");

        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.json().get("state").textValue()).isEqualTo("cancelled");
        assertThat(cancelled.json().get("error").textValue()).isEqualTo("cancelled by key");
        assertThat(cancelled.json().has("ended")).isTrue();
        Path folder = Exporting.folder(APPLICATION);
        door.open();
        CALLS.awaitClosed(APPLICATION);
        assertThat(door.passed()).isEqualTo(4);
        assertThat(folder).doesNotExist();
        assertThat(state("job")).isEqualTo("cancelled");
        assertThat(batchState()).isEqualTo("cancelled");
    }

    @Test
    void staysCancelledAndIsNotContinued() {
        Door door = CALLS.hold();
        Exporting.createAsync(APPLICATION, "key", request("job", 1, 2, 3));
        door.awaitHeld(3);
        cancel("key", "job");
        door.open();
        CALLS.awaitClosed(APPLICATION);

        // As the next start would find it.
        assertThat(APPLICATION.bean(ExportLedger.class).unfinished()).isEmpty();
        Answer again = Exporting.create(APPLICATION, "key", request("job", 1, 2, 3));

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.problem()).isEqualTo(": the job was cancelled; use another job_id");
        assertThat(state("job")).isEqualTo("cancelled");
    }

    @Test
    void cancelsJobThatWaitsForItsTurn() {
        Door door = CALLS.hold();
        Exporting.createAsync(APPLICATION, "key", request("first", 1));
        door.awaitHeld(1);
        Exporting.createAsync(APPLICATION, "key", request("second", 2));

        assertThat(cancel("key", "second").json().get("state").textValue()).isEqualTo("cancelled");

        door.open();
        CALLS.awaitClosed(APPLICATION);
        assertThat(CALLS.calls()).containsOnlyKeys(Exporting.url(1));
        assertThat(state("first")).isEqualTo("completed");
        assertThat(state("second")).isEqualTo("cancelled");
    }

    @Test
    void cancelsJobThatHasPaused() {
        CALLS.answer(call -> {
            throw new PausedException("the API is down");
        });
        Exporting.create(APPLICATION, "key", request("job", 1));
        assertThat(state("job")).isEqualTo("paused");

        assertThat(cancel("key", "job").json().get("state").textValue()).isEqualTo("cancelled");

        assertThat(batchState()).isEqualTo("cancelled");
        assertThat(Exporting.folder(APPLICATION)).doesNotExist();
    }

    @Test
    void wakesWhoeverWaitsForIt() {
        Door door = CALLS.hold();
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(
                () -> Exporting.create(APPLICATION, "key", request("job", 1)), Thread::startVirtualThread);
        door.awaitHeld(1);
        cancel("key", "job");
        door.open();

        assertThat(waiting.join().status()).isEqualTo(409);
    }

    @Test
    void removesJobThatIsCompletedWithItsFiles() {
        ExportFiles files = APPLICATION.bean(ExportFiles.class);
        long before = files.sizeOfKey("key");
        Exporting.create(APPLICATION, "key", request("job", 1));
        Path folder = Exporting.folder(APPLICATION);
        assertThat(files.sizeOfKey("key")).isGreaterThan(before);

        assertThat(cancel("other", "job").status()).isEqualTo(404);
        assertThat(folder.resolve("result.csv")).exists();
        assertThat(cancel("key", "job").json().get("state").textValue()).isEqualTo("completed");

        assertThat(folder).doesNotExist();
        assertThat(files.sizeOfKey("key")).isEqualTo(before);
        assertThat(cancel("key", "job").status()).isEqualTo(404);
        assertThat(Exporting.create(APPLICATION, "key", request("job", 2)).status())
                .isEqualTo(200);
        assertThat(CALLS.calls()).containsOnlyKeys(Exporting.url(1), Exporting.url(2));
        cancel("key", "job");
    }

    @Test
    void jobThatWasCancelledStaysAsItIsAndTakesNoSpace() {
        long before = APPLICATION.bean(ExportFiles.class).sizeOfKey("key");
        Door door = CALLS.hold();
        Exporting.createAsync(APPLICATION, "key", request("job", 1, 2, 3));
        door.awaitHeld(3);
        cancel("key", "job");
        door.open();
        CALLS.awaitClosed(APPLICATION);

        assertThat(cancel("key", "job").json().get("state").textValue()).isEqualTo("cancelled");

        assertThat(state("job")).isEqualTo("cancelled");
        assertThat(APPLICATION.bean(ExportFiles.class).sizeOfKey("key")).isEqualTo(before);
    }

    @Test
    void cancelsNoJobOfAnotherKey() {
        Door door = CALLS.hold();
        Exporting.createAsync(APPLICATION, "key", request("job", 1));

        assertThat(cancel("other", "job").status()).isEqualTo(404);

        door.open();
        Exporting.awaitState(APPLICATION, "key", "job", "completed");
    }

    private static Answer cancel(String caller, String jobId) {
        return Exporting.ask(APPLICATION, "cancel-export", caller, jobId);
    }

    private static String state(String jobId) {
        return Exporting.ask(APPLICATION, "get-export", "key", jobId)
                .json()
                .get("state")
                .textValue();
    }

    private static String batchState() {
        return APPLICATION
                .bean(JdbcClient.class)
                .sql("select state from batch")
                .query(String.class)
                .single();
    }
}
