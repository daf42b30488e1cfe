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
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(SharedApplication.ONE_AT_A_TIME)
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

    /** As a client sends it that has lists empty and not unset. */
    @Test
    void emptyListStartsAll() {
        Answer answer = start("{\"indexers\":[]}");

        awaitRan(1);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("runs")).hasSize(2);
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
        assertThat(answer.json().path("detail").asText())
                .startsWith("all requested indexers are still running: sample;");
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
