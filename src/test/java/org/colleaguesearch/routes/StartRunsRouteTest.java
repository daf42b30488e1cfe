package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.colleaguesearch.ledger.History;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.routes.SharedApplication.Answer;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartRunsRouteTest {
    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    private final List<Batch> ran = new CopyOnWriteArrayList<>();

    @BeforeEach
    void noteWhatRuns() {
        SharedApplication.running = exchange -> ran.add(exchange.getMessage().getBody(Batch.class));
    }

    @AfterEach
    void closeAll() {
        ran.forEach(API::close);
    }

    @Test
    void answersAtOnceWithABatchThatTheLedgerHas() {
        Door door = new Door(SharedApplication.running);
        SharedApplication.running = door;

        Answer answer = start("{}");

        String batchId = answer.json().path("batch_id").asText();
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Location")).isEqualTo("/api/runs?batch_id=" + batchId);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json()).isEqualTo(Sample.json("""
                        {"batch_id":"%1$s","runs":["%1$s-other","%1$s-sample"],"skipped":[]}""".formatted(batchId)));
        assertThat(API.bean(Ledger.class).runs(batchId))
                .extracting(RunEntry::state)
                .containsExactly(State.NOT_STARTED, State.NOT_STARTED);
        assertThat(API.bean(History.class).newest("sample").orElseThrow().startedBy())
                .isEqualTo("ops");
        door.awaitHeld(1);
        door.open();
        awaitRan(1);
        assertThat(ran.getFirst().id()).isEqualTo(batchId);
    }

    @Test
    void startsOnlyThoseThatAreNamed() {
        Answer answer = start("{\"indexers\":[\"sample\"]}");

        awaitRan(1);
        assertThat(ran.getFirst().runs()).extracting(Run::indexer).containsExactly("sample");
        assertThat(answer.json().path("runs")).hasSize(1);
        assertThat(answer.json().path("skipped")).isEmpty();
    }

    @Test
    void skipsAndNamesThoseThatStillRun() {
        start("{\"indexers\":[\"sample\"]}");
        awaitRan(1);

        Answer answer = start("{\"indexers\":[\"sample\",\"other\"]}");

        awaitRan(2);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("runs").get(0).asText()).endsWith("-other");
        assertThat(answer.json().path("skipped")).isEqualTo(Sample.json("[\"sample\"]"));
    }

    @Test
    void refusesWhereEachOfThemStillRuns() {
        start("{}");
        awaitRan(1);

        Answer answer = start("{\"indexers\":[\"sample\"]}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().path("detail").asText()).startsWith("each of the indexers still runs: sample;");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    /** It would else be superseded, and what is done of it lost. */
    @Test
    void continuesWhatIsUnfinishedBesideTheNewBatch() {
        Batch paused = paused("sample");

        Answer answer = start("{}");

        awaitRan(2);
        assertThat(ran).extracting(Batch::id).contains(paused.id());
        assertThat(answer.json().path("runs").get(0).asText()).endsWith("-other");
        assertThat(answer.json().path("skipped")).isEqualTo(Sample.json("[\"sample\"]"));
        assertThat(API.bean(Ledger.class).batch(paused.id()).orElseThrow().state())
                .isEqualTo(State.PAUSED);
    }

    @Test
    void continuesWhatIsUnfinishedAlsoWhereItLeavesNothingToStart() {
        Batch paused = paused("sample", "other");

        Answer answer = start("{}");

        assertThat(answer.status()).isEqualTo(409);
        awaitRan(1);
        assertThat(ran).extracting(Batch::id).containsExactly(paused.id());
    }

    @Test
    void triesOneIndexerInPlaceOfStartingABatch() {
        SharedApplication.api = exchange -> exchange.getMessage()
                .setBody(
                        exchange.getMessage().getBody(String.class).contains("/people?")
                                ? Sample.page(null, "ada", "bob")
                                : Sample.json("{\"sample\":[{\"title\":\"A\"}]}"));

        Answer answer = start("{\"indexers\":[\"sample\"],\"dryRun\":true,\"limit\":1}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json()).isEqualTo(Sample.json("""
                        {"indexer":"sample","header":"person_id,title,year","people":[
                          {"id":"ada","name":"ADA","url":"http://people.test/people/ada/sample","attempts":1,
                           "responses":[{"sample":[{"title":"A"}]}],
                           "document":{"active":true,"id":"ada","name":"ADA","sample":[{"title":"A"}]},
                           "rows":["ada,A,"]}],
                         "notes":["no item has a field for the column 'year', so its cells are empty; there is title"]}"""));
        assertThat(API.bean(Ledger.class).newest()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"dryRun\":true}|/indexers|a dry run takes one indexer: name it",
                "{\"indexers\":[\"sample\",\"other\"],\"dryRun\":true}|/indexers|a dry run takes one indexer: name it",
                "{\"indexers\":[\"nope\"],\"dryRun\":true}|/indexers/0|there is no indexer of this name; there are other, sample",
                "{\"indexers\":[\"sample\"],\"limit\":3}|/limit|limit goes with a dry run: ask for one with dryRun, or leave it out",
                "{\"dryRun\":false,\"limit\":3}|/limit|limit goes with a dry run: ask for one with dryRun, or leave it out"
            })
    void refusesWhatIsNeitherADryRunNorABatch(String request, String field, String detail) {
        Answer answer = start(request);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo(field);
        assertThat(answer.json().path("detail").asText()).isEqualTo(detail);
        assertThat(API.bean(Ledger.class).newest()).isEmpty();
    }

    /** A batch with a run of each indexer, those named of which are paused. */
    private static Batch paused(String... indexers) {
        Batch batch = Sample.batch(API.application(), "ada");
        Runs runs = API.bean(Runs.class);
        for (Run run : batch.runs()) {
            runs.start(batch, run.indexer());
            if (List.of(indexers).contains(run.indexer())) {
                runs.fail(run, new IOException("disk full"));
            } else {
                runs.end(run);
            }
        }
        API.close(batch);
        return batch;
    }

    private static Answer start(String body) {
        return API.call("start-runs", body, Map.of());
    }

    private void awaitRan(int batches) {
        await().until(() -> ran.size() == batches);
    }
}
