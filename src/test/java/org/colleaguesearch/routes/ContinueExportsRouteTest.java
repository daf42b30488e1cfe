package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Exports that were cut off go on with what was not done, and give what undisturbed ones give. */
@Timeout(90)
class ContinueExportsRouteTest {
    private static final Exporting CALLS = new Exporting();

    @RegisterExtension
    static final RouteApplication APPLICATION = CALLS.application()
            .withFile(Path.of("routes/export/continue-exports.camel.yaml"))
            .with("continue-exports", route -> route.replaceFromWith("direct:continue-exports"));

    @AfterEach
    void reset() {
        CALLS.reset(APPLICATION);
    }

    @Test
    void continuesWhatHasPaused() throws Exception {
        CALLS.answer(call -> {
            if (call.getMessage().getBody(String.class).endsWith("/5")) {
                throw new PausedException("the API is down");
            }
            CALLS.answerNumber(call);
        });
        Exporting.create(APPLICATION, "key", Exporting.request("job", 1, "gone", 3, 4, 5, 6, 7));
        assertThat(state()).isEqualTo("paused");
        CALLS.answerNumbers();

        continueAll();

        JsonNode job = Exporting.awaitState(APPLICATION, "key", "job", "completed");
        assertThat(job.get("done").intValue()).isEqualTo(7);
        assertThat(job.get("errors").intValue()).isEqualTo(1);
        assertThat(Files.readString(Exporting.folder(APPLICATION).resolve("result.csv"))
                        .lines())
                .containsExactly("url,n", line(1), line(3), line(4), line(5), line(6), line(7));
        assertThat(CALLS.calls()).containsEntry(Exporting.url(1), 1).containsEntry(Exporting.url("gone"), 1);
    }

    /** As a crash leaves it: running, with a chunk that is done and one that was under way. */
    @Test
    void continuesWhatCrashHasCutOff() throws Exception {
        CALLS.answer(call -> {
            if (!call.getMessage().getBody(String.class).matches(".*/[12]")) {
                throw new PausedException("the API is down");
            }
            CALLS.answerNumber(call);
        });
        Exporting.create(APPLICATION, "key", Exporting.request("job", 1, 2, 3, 4));
        CALLS.awaitClosed(APPLICATION);
        JdbcClient sql = APPLICATION.bean(JdbcClient.class);
        sql.sql("update run set state = 'running', ended = null, last_error = null")
                .update();
        sql.sql("update batch set state = 'running', ended = null, last_error = null")
                .update();
        sql.sql("update chunk set attempts = 1 where done is null").update();
        CALLS.answerNumbers();

        continueAll();

        Exporting.awaitState(APPLICATION, "key", "job", "completed");
        assertThat(Files.readString(Exporting.folder(APPLICATION).resolve("result.csv"))
                        .lines())
                .containsExactly("url,n", line(1), line(2), line(3), line(4));
        assertThat(CALLS.calls()).containsEntry(Exporting.url(1), 1).containsEntry(Exporting.url(2), 1);
    }

    @Test
    void chunkThatWasUnderWayTooOftenIsQuarantined() throws Exception {
        CALLS.answer(call -> {
            throw new PausedException("the API is down");
        });
        Exporting.create(APPLICATION, "key", Exporting.request("job", 1, 2, 3));
        CALLS.awaitClosed(APPLICATION);
        String batch = APPLICATION
                .bean(JdbcClient.class)
                .sql("select id from batch")
                .query(String.class)
                .single();
        APPLICATION.bean(ChunkLedger.class).forgive(batch);
        APPLICATION
                .bean(JdbcClient.class)
                .sql("update chunk set attempts = 5 where number = 1")
                .update();
        CALLS.answerNumbers();

        continueAll();

        assertThat(Exporting.awaitState(APPLICATION, "key", "job", "completed")
                        .get("errors")
                        .intValue())
                .isEqualTo(2);
        assertThat(Files.readString(Exporting.folder(APPLICATION).resolve("errors.csv")))
                .contains(Exporting.url(1) + ",quarantined: ", Exporting.url(2) + ",quarantined: ");
    }

    /** Cut off between its end and its close. */
    @Test
    void closesWhatHasEnded() {
        Exporting.create(APPLICATION, "key", Exporting.request("job", 1));
        CALLS.awaitClosed(APPLICATION);
        JdbcClient sql = APPLICATION.bean(JdbcClient.class);
        sql.sql("update batch set state = 'running', ended = null").update();

        continueAll();
        CALLS.awaitClosed(APPLICATION);

        assertThat(state()).isEqualTo("completed");
        assertThat(sql.sql("select state from batch").query(String.class).single())
                .isEqualTo("completed");
        assertThat(Exporting.folder(APPLICATION).resolve("result.csv")).exists();
        assertThat(CALLS.calls()).containsOnlyKeys(Exporting.url(1));
    }

    @Test
    void partThatIsGoneIsDoneAgain() throws Exception {
        CALLS.answer(call -> {
            if (call.getMessage().getBody(String.class).endsWith("/3")) {
                throw new PausedException("the API is down");
            }
            CALLS.answerNumber(call);
        });
        Exporting.create(APPLICATION, "key", Exporting.request("job", 1, 2, 3));
        CALLS.awaitClosed(APPLICATION);
        Files.delete(Exporting.folder(APPLICATION).resolve("parts/000000001.jsonl"));
        CALLS.answerNumbers();

        continueAll();

        assertThat(Exporting.awaitState(APPLICATION, "key", "job", "completed")
                        .get("rows")
                        .intValue())
                .isEqualTo(3);
        assertThat(CALLS.calls()).containsEntry(Exporting.url(1), 2);
    }

    @Test
    void leavesAloneWhatHasEnded() {
        Exporting.create(APPLICATION, "key", Exporting.request("done", 1));
        CALLS.awaitClosed(APPLICATION);
        Ledger ledger = APPLICATION.bean(Ledger.class);
        ledger.open("20260101T020000000Z", "test", Instant.now(), List.of("sample"), 10, false, null);

        continueAll();
        CALLS.awaitClosed(APPLICATION);

        assertThat(CALLS.calls()).containsOnly(Map.entry(Exporting.url(1), 1));
        assertThat(ledger.runs("20260101T020000000Z")).allMatch(run -> run.state() == State.NOT_STARTED);
    }

    private static void continueAll() {
        assertThat(APPLICATION.send("continue-exports", "").getException()).isNull();
    }

    private static String line(int number) {
        return Exporting.url(number) + "," + number;
    }

    private static String state() {
        return Exporting.ask(APPLICATION, "get-export", "key", "job")
                .json()
                .get("state")
                .textValue();
    }
}
