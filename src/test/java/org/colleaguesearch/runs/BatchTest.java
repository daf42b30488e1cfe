package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.people.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchTest {
    private static final Call CALL = new Call(new Person("a", "A"), "https://api/people/a/patents");

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    private Batch batch;

    @BeforeEach
    void openBatch() {
        batch = batch(entry("functions", State.NOT_STARTED), entry("patents", State.NOT_STARTED));
    }

    @Test
    void exitsWith0WhenEveryOutcomeWasDelivered() {
        batch.runs().forEach(run -> end(run, fetched(1), fetched(0)));

        assertThat(batch.exitCode()).isZero();
    }

    @Test
    void exitsWith0WithoutPeople() {
        batch.runs().forEach(run -> end(run));

        assertThat(batch.exitCode()).isZero();
    }

    @Test
    void exitsWith1WhenAUrlFailed() {
        end(batch.runs().get(0), fetched(1));
        end(batch.runs().get(1), fetched(1), failed());

        assertThat(batch.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"PAUSED", "FAILED"})
    void exitsWith2WhenARunCouldNotContinue(State state) {
        end(batch.runs().get(0), failed());
        start(batch.runs().get(1));
        batch.runs().get(1).fail(state, "No space left on device");
        batch.runs().get(1).end();

        assertThat(batch.runs().get(1).state()).isEqualTo(state);
        assertThat(batch.state()).isEqualTo(state);
        assertThat(batch.exitCode()).isEqualTo(2);
    }

    @Test
    void isPausedWhileOneRunCanContinueThoughAnotherFailed() {
        batch.runs().forEach(BatchTest::start);
        batch.runs().get(0).fail(State.FAILED, "stopped on the first error");
        batch.runs().get(1).fail(State.PAUSED, "No space left on device");
        batch.runs().forEach(Run::end);

        assertThat(batch.state()).isEqualTo(State.PAUSED);
        assertThat(batch.pending()).containsExactly(batch.runs().get(1));
    }

    @Test
    void exitsWith2WhenARunDidNotStartOrEnd() {
        end(batch.runs().get(0));
        assertThat(batch.exitCode()).isEqualTo(2);

        start(batch.runs().get(1));
        assertThat(batch.exitCode()).isEqualTo(2);
    }

    @Test
    void exitsWith2AndIsPausedWhenTheApplicationStops() {
        end(batch.runs().get(0));
        batch.stop("the application is stopping");
        end(batch.runs().get(1));

        assertThat(batch.runs()).extracting(Run::state).containsExactly(State.COMPLETED, State.PAUSED);
        assertThat(batch.state()).isEqualTo(State.PAUSED);
        assertThat(batch.runs().get(1).summary())
                .startsWith("run patents paused: ")
                .endsWith(" (the application is stopping; resumes at the next start or trigger)");
        assertThat(batch.exitCode()).isEqualTo(2);
    }

    @Test
    void exitsWith2WhenTheBatchFailed() {
        batch.runs().forEach(run -> end(run));
        batch.end(State.FAILED, "HTTP 500");

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(batch.failure()).isEqualTo("HTTP 500");
    }

    @Test
    void exitsWith2WithoutRuns() {
        assertThat(batch().exitCode()).isEqualTo(2);
    }

    @Test
    void countsDeliveries() {
        Run run = batch.runs().get(0);
        start(run);
        run.add(counts(true, fetched(3), failed(), fetched(0)));
        run.add(counts(true, fetched(1)));
        run.end();

        assertThat(run.counts()).isEqualTo(new Counts(4, 3, 4, 1, 7));
        assertThat(run.summary())
                .startsWith("run functions completed: people 0, URLs 4, documents 3, rows 4, errors 1, ")
                .hasLineCount(1);
    }

    @Test
    void countsNoDocumentsOrRowsWithoutDeliveries() {
        Run run = batch.runs().get(0);
        run.add(counts(false, fetched(3)));

        assertThat(run.summary()).contains("documents 0, rows 0, errors 0");
    }

    @Test
    void summaryHasTheFirstReasonForAPause() {
        Run run = batch.runs().get(0);
        assertThat(run.fail(State.PAUSED, "No space left on device")).isTrue();
        assertThat(run.fail(State.FAILED, "another chunk found another reason")).isFalse();
        run.end();

        assertThat(run.summary())
                .startsWith("run functions paused: ")
                .endsWith(" (No space left on device; resumes at the next start or trigger)");
    }

    @Test
    void countsEarlierWorkButNotItsCallsInTheRate() {
        Run run = batch.runs().get(0);
        run.start(new Counts(100, 90, 250, 10, 1_000_000_000));
        run.end();

        assertThat(run.summary())
                .contains("URLs 100, documents 90, rows 250, errors 10, ")
                .endsWith(" 0.0 calls/s");
    }

    @Test
    void onlyUnfinishedRunsArePending() {
        Batch continued = batch(
                entry("functions", State.COMPLETED),
                entry("geography", State.PAUSED),
                entry("memberships", State.RUNNING),
                entry("patents", State.NOT_STARTED),
                entry("x", State.FAILED),
                entry("y", State.ABANDONED));

        assertThat(continued.pending()).extracting(Run::indexer).containsExactly("geography", "memberships", "patents");
        assertThat(continued.runs()).hasSize(6);
    }

    @Test
    void staysCompletedInTheLedgerWhenARetryPauses() {
        Batch retried = Batch.ofRetry(
                new BatchEntry("20261123T020000000Z", State.COMPLETED, 0, Instant.EPOCH, null, false),
                database.people().list("20261123T020000000Z", 0),
                List.of(entry("functions", State.COMPLETED), entry("patents", State.COMPLETED)),
                run -> run.indexer().equals("patents"),
                Run.Kind.RETRY);
        Run patents = retried.run("patents");
        assertThat(retried.pending()).containsExactly(patents);
        start(patents);
        patents.fail(State.PAUSED, "OpenSearch took nothing");

        assertThat(retried.exitCode()).isEqualTo(2);
        assertThat(retried.state()).isEqualTo(State.PAUSED);
        assertThat(retried.kept()).isEqualTo(State.COMPLETED);
        assertThat(patents.summary()).endsWith(" (OpenSearch took nothing; retry again)");
    }

    @Test
    void isCancelledWhenARunIsAndNoOtherIsWorse() {
        end(batch.runs().get(0));
        start(batch.runs().get(1));
        batch.runs().get(1).cancel("cancelled by ops");
        batch.runs().get(1).end();

        assertThat(batch.runs()).extracting(Run::state).containsExactly(State.COMPLETED, State.CANCELLED);
        assertThat(batch.state()).isEqualTo(State.CANCELLED);
        assertThat(batch.exitCode()).isEqualTo(2);
        batch.runs().get(0).fail(State.FAILED, "stopped on the first error");
        assertThat(batch.state()).isEqualTo(State.FAILED);
        batch.runs().get(0).cancel("cancelled by ops");
        assertThat(batch.runs().get(0).failure()).isEqualTo("cancelled by ops");
        assertThat(batch.state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void cancelledRunDoesNotStart() {
        Run run = batch.runs().get(0);
        run.cancel("cancelled by ops");
        start(run);
        run.end();

        assertThat(run.state()).isEqualTo(State.CANCELLED);
        assertThat(run.isStopping()).isTrue();
    }

    private static void end(Run run, Outcome... outcomes) {
        start(run);
        run.add(counts(true, outcomes));
        run.end();
    }

    private static void start(Run run) {
        run.start(Counts.NONE);
    }

    private Batch batch(RunEntry... runs) {
        return Batch.of("20261123T020000000Z", database.people().list("20261123T020000000Z", 0), List.of(runs));
    }

    private static RunEntry entry(String indexer, State state) {
        return new RunEntry("20261123T020000000Z", indexer, state, 100, Counts.NONE, null);
    }

    private static Counts counts(boolean delivered, Outcome... outcomes) {
        Chunk chunk = new Chunk("20261123T020000000Z", "functions", 1, List.of());
        return Counts.of(new ChunkOutcomes(chunk, List.of(outcomes)), delivered, delivered);
    }

    private static Fetched fetched(int items) {
        var section = new ObjectMapper().createArrayNode();
        for (int i = 0; i < items; i++) {
            section.addObject();
        }
        return new Fetched(CALL, section, 200, 2);
    }

    private static Failed failed() {
        return new Failed(CALL, "HTTP 404 Not Found", 404, 1);
    }
}
