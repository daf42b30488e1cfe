package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.routes.Exporting.request;
import static org.colleaguesearch.routes.Exporting.url;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.ledger.ExportEntry;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.routes.Exporting.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With the whole flow behind it but the calls. */
@Timeout(90)
class CreateExportRouteTest {
    private static final Exporting CALLS = new Exporting();

    @RegisterExtension
    static final RouteApplication APPLICATION = CALLS.application()
            .with("colleagues.export.max-urls", 8)
            .with("colleagues.export.max-jobs", 3)
            .with("colleagues.export.max-jobs-per-key", 2)
            .with("colleagues.export.max-size", "1KB")
            .with("colleagues.export.max-size-per-key", "32KB");

    @AfterEach
    void reset() {
        CALLS.reset(APPLICATION);
    }

    @Test
    void answersWhenTheJobIsDone() throws Exception {
        Answer answer = create(request("job", 1, 2, 3));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
        assertThat(answer.json()).isEqualTo(job("job"));
        assertThat(answer.json().get("state").textValue()).isEqualTo("completed");
        assertThat(answer.json().get("rows").intValue()).isEqualTo(3);
        assertThat(Files.readString(Exporting.folder(APPLICATION).resolve("result.csv")))
                .isEqualTo("url,n\r\n%s,1\r\n%s,2\r\n%s,3\r\n".formatted(url(1), url(2), url(3)));
        assertThat(Exporting.folder(APPLICATION)).isDirectoryNotContaining("glob:**parts");
    }

    @Test
    void isCompletedWhenUrlsHaveFailedSinceTheErrorsFileSaysSo() throws Exception {
        Answer answer = create(request("job", "gone", 1, "gone"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("state").textValue()).isEqualTo("completed");
        assertThat(answer.json().get("errors").intValue()).isEqualTo(2);

        assertThat(Files.readString(Exporting.folder(APPLICATION).resolve("errors.csv")))
                .isEqualTo(
                        "url,reason,status,attempts\r\n%1$s,HTTP 404 Not Found,404,1\r\n%1$s,HTTP 404 Not Found,404,1\r\n"
                                .formatted(url("gone")));
        assertThat(CALLS.calls()).containsEntry(url("gone"), 2);
    }

    @Test
    void isCompletedWhenAllUrlsHaveFailed() {
        assertThat(create(request("job", "gone")).status()).isEqualTo(200);
    }

    @Test
    void answersAtOnceWhenTheCallerPrefersThat() {
        Door door = CALLS.hold();

        Answer answer = Exporting.createAsync(APPLICATION, "key", request("job", 1, 2, 3));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.headers())
                .containsEntry("Location", "/api/exports/job")
                .containsEntry("Preference-Applied", "respond-async");
        assertThat(answer.json().get("job_id").textValue()).isEqualTo("job");
        assertThat(answer.json().get("state").textValue()).isIn("accepted", "running");
        assertThat(answer.json().get("urls").intValue()).isEqualTo(3);
        door.open();
        assertThat(Exporting.awaitState(APPLICATION, "key", "job", "completed")
                        .get("done")
                        .intValue())
                .isEqualTo(3);
    }

    @Test
    void jobIsInTheLedgerBeforeAnythingIsFetched() {
        CALLS.answer(call -> {
            List<ExportEntry> known = APPLICATION.bean(ExportLedger.class).unfinished();
            assertThat(known).extracting(ExportEntry::jobId).containsExactly("job");
            call.getMessage().setBody(Sample.json("{}"));
        });

        create(request("job", 1));

        assertThat(job("job").get("errors").intValue()).isZero();
    }

    @Test
    void sameBodyIsTheSameJob() {
        create(request("job", 1, 2));

        // Spaces are no part of it.
        Answer again = create(request("job", 1, 2).replace(",", " ,\n"));

        assertThat(again.json()).isEqualTo(job("job"));
        assertThat(CALLS.calls()).containsOnly(Map.entry(url(1), 1), Map.entry(url(2), 1));
    }

    @Test
    void sameBodyWhileItRunsWaitsForTheSameJob() throws Exception {
        Door door = CALLS.hold();
        Exporting.createAsync(APPLICATION, "key", request("job", 1));
        door.awaitHeld(1);

        CompletableFuture<Answer> again =
                CompletableFuture.supplyAsync(() -> create(request("job", 1)), Thread::startVirtualThread);
        door.open();

        assertThat(again.get().status()).isEqualTo(200);
        assertThat(CALLS.calls()).containsOnly(Map.entry(url(1), 1));
    }

    @Test
    void manyWithTheSameBodyAtTheSameMomentAreOneJob() {
        List<CompletableFuture<Answer>> answers = Stream.generate(() ->
                        CompletableFuture.supplyAsync(() -> create(request("job", 1, 2)), Thread::startVirtualThread))
                .limit(20)
                .toList();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().json()).isEqualTo(job("job")));
        assertThat(CALLS.calls()).containsOnly(Map.entry(url(1), 1), Map.entry(url(2), 1));
    }

    @Test
    void otherBodyIsConflict() {
        create(request("job", 1, 2));

        for (String other : List.of(
                request("job", 2, 1), request("job", 1), request("job", 1, 2).replace("}", ",\"columns\":[\"n\"]}"))) {
            Answer answer = create(other);
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.headers()).containsEntry("Content-Type", "application/problem+json");
            assertThat(answer.problem())
                    .startsWith("/job_id: a job with this job_id but other URLs or columns already exists");
        }
        assertThat(CALLS.calls()).hasSize(2);
    }

    @Test
    void noColumnsAndAnEmptyListOfThemAreTheSame() throws Exception {
        create(request("job", 1));

        Answer again = create(request("job", 1).replace("}", ",\"columns\":[]}"));

        assertThat(again.status()).isEqualTo(200);
        assertThat(CALLS.calls()).containsOnly(Map.entry(url(1), 1));
        assertThat(Files.readString(Exporting.folder(APPLICATION).resolve("result.csv")))
                .startsWith("url,n\r\n");
    }

    @Test
    void columnsMayBeAnyText() {
        String request = request("job", 1).replace("}", ",\"columns\":[\"\\ud800\",\"\\u0000\",\"=n\",\"😀\",\"n\"]}");

        assertThat(create(request).status()).isEqualTo(200);
        assertThat(create(request).status()).isEqualTo(200);
    }

    @Test
    void jobsBelongToTheKeyThatAskedForThem() {
        create(request("job", 1));

        Answer other = Exporting.create(APPLICATION, "other", request("job", 2));

        assertThat(other.status()).isEqualTo(200);
        assertThat(CALLS.calls()).containsOnlyKeys(url(1), url(2));
    }

    @Test
    void refusesUrlThatMayNotBeCalledBeforeAnythingIsFetched() {
        for (String url : List.of(
                "http://evil.test/",
                "https://people.test/",
                "http://people.test@evil.test/",
                "http://127.0.0.1/",
                "file:///etc/passwd",
                "http://people.test/%zz",
                "http://people.test/../x",
                "http://people.test/{{x}}")) {
            Answer answer = create(Exporting.requestOf("job", List.of(url(1), url, url(2))));

            assertThat(answer.status()).as(url).isEqualTo(422);
            assertThat(answer.problem()).startsWith("/urls/1: ");
        }
        assertThat(CALLS.calls()).isEmpty();
        assertThat(APPLICATION.bean(ExportLedger.class).unfinished()).isEmpty();
    }

    @Test
    void refusesMoreUrlsThanTheSettingsAllow() {
        assertThat(create(request("job", 1, 2, 3, 4, 5, 6, 7, 8, 9)).problem())
                .startsWith("/urls: too many URLs: 9; a job takes at most 8");
        assertThat(create(request("job", 1, 2, 3, 4, 5, 6, 7, 8)).status()).isEqualTo(200);
    }

    @Test
    void refusesMoreJobsOfOneKeyThanTheSettingsAllow() {
        Door door = CALLS.hold();
        Exporting.createAsync(APPLICATION, "key", request("1", 1));
        Exporting.createAsync(APPLICATION, "key", request("2", 2));

        Answer third = Exporting.createAsync(APPLICATION, "key", request("3", 3));

        assertThat(third.status()).isEqualTo(429);
        assertThat(third.headers()).containsEntry("Retry-After", "30");
        assertThat(third.problem()).startsWith(": this API key already has 2 exports in progress");
        // A known one is no more; and another key has places of its own.
        assertThat(Exporting.createAsync(APPLICATION, "key", request("1", 1)).status())
                .isEqualTo(202);
        assertThat(Exporting.createAsync(APPLICATION, "other", request("1", 1)).status())
                .isEqualTo(202);
        assertThat(Exporting.createAsync(APPLICATION, "third", request("1", 1)).problem())
                .startsWith(": the service already has 3 exports in progress");
        door.open();
        for (String id : Set.of("1", "2")) {
            Exporting.awaitState(APPLICATION, "key", id, "completed");
        }
        assertThat(create(request("3", 3)).status()).isEqualTo(200);
    }

    @Test
    void neverTakesMoreJobsThatComeAtTheSameMoment() {
        Door door = CALLS.hold();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String request = request("job" + i, i);
            answers.add(CompletableFuture.supplyAsync(
                    () -> Exporting.createAsync(APPLICATION, "key", request), Thread::startVirtualThread));
        }

        assertThat(answers.stream().map(answer -> answer.join().status()))
                .allMatch(status -> status == 202 || status == 429)
                .filteredOn(status -> status == 202)
                .hasSizeLessThanOrEqualTo(2);
        door.open();
    }

    @Test
    void jobThatCannotBeDoneIsProblem() {
        CALLS.answer(call -> call.getMessage().setBody(Sample.json("{\"x\":\"" + "x".repeat(600) + "\"}")));

        Answer answer = create(request("job", 1, 2, 3, 4));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.problem())
                .startsWith(": the job failed: ")
                .contains("result.jsonl", "colleagues.export.max-size", "1024 bytes");
        assertThat(job("job").get("state").textValue()).isEqualTo("failed");
        assertThat(Exporting.folder(APPLICATION)).doesNotExist();
        // The same again is the same job.
        assertThat(create(request("job", 1, 2, 3, 4)).status()).isEqualTo(422);
    }

    /** Those that are completed take space until they are deleted. */
    @Test
    void refusesJobsOfKeyWhoseFilesTakeTheSpaceItMayHave() {
        CALLS.answer(call -> call.getMessage().setBody(Sample.json("{\"x\":\"" + "x".repeat(700) + "\"}")));
        Answer answer = Exporting.create(APPLICATION, "large", request("job0", 0));
        int accepted = 0;
        while (answer.status() == 200) {
            accepted++;
            answer = Exporting.create(APPLICATION, "large", request("job" + accepted, accepted));
        }

        assertThat(accepted).isGreaterThan(10);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem())
                .matches(": the files of this API key's exports use \\d+ of 32768 bytes"
                        + " \\(colleagues.export.max-size-per-key\\), .*; the largest: job0, job1, job2");
        assertThat(create(request("job", 1)).status()).isEqualTo(200);

        for (String job : List.of("job0", "job1")) {
            assertThat(Exporting.ask(APPLICATION, "cancel-export", "large", job).status())
                    .isEqualTo(200);
        }

        assertThat(Exporting.create(APPLICATION, "large", request("more", 1)).status())
                .isEqualTo(200);
    }

    @Test
    void theLastPlaceIsForAKeyThatHasNone() {
        Door door = CALLS.hold();
        Exporting.createAsync(APPLICATION, "key", request("1", 1));
        Exporting.createAsync(APPLICATION, "other", request("1", 1));

        assertThat(Exporting.createAsync(APPLICATION, "key", request("2", 2)).problem())
                .startsWith(": the service already has 2 exports in progress");
        assertThat(Exporting.createAsync(APPLICATION, "third", request("1", 1)).status())
                .isEqualTo(202);
        door.open();
    }

    @Test
    void jobThatPausesIsAnsweredAsIfItWereNotWaitedForAndGoesOnWhenAskedForAgain() {
        CALLS.answer(call -> {
            throw new PausedException("the API is down");
        });

        Answer paused = create(request("job", 1, 2, 3));

        assertThat(paused.status()).isEqualTo(202);
        assertThat(paused.headers())
                .containsEntry("Location", "/api/exports/job")
                .doesNotContainKey("Preference-Applied");
        assertThat(paused.json().get("state").textValue()).isEqualTo("paused");
        assertThat(paused.json().get("error").textValue()).isEqualTo("the API is down");
        CALLS.answerNumbers();
        assertThat(create(request("job", 1, 2, 3)).status()).isEqualTo(200);
        assertThat(job("job").get("rows").intValue()).isEqualTo(3);
    }

    private static JsonNode job(String id) {
        return Exporting.ask(APPLICATION, "get-export", "key", id).json();
    }

    private static Answer create(String body) {
        return Exporting.create(APPLICATION, "key", body);
    }
}
