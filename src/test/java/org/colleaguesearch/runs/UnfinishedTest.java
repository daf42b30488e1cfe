package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.ledger.FeedLedger.FeedProgress;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

class UnfinishedTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    private final OpenBatches open = new OpenBatches(ShippedSettings.with());

    @Test
    void resumesNothingWhenAllBatchesAreFinal() {
        batch("done", HOUR, "patents");
        database.ledger().endBatch("done", State.COMPLETED, null, Instant.now());

        assertThat(unfinished().resume()).isEmpty();
    }

    @Test
    void resumesBatchAfterACrash(CapturedOutput log) {
        batch("b1", HOUR, "functions", "geography", "patents");
        database.ledger().listed("b1", 2);
        database.ledger().startRun("b1", "functions", Instant.now());
        database.ledger().endRun("b1", "functions", State.COMPLETED, null, Instant.now());
        database.ledger().startRun("b1", "geography", Instant.now());

        List<Batch> resumed = unfinished().resume();

        assertThat(resumed).extracting(Batch::id).containsExactly("b1");
        Batch batch = resumed.getFirst();
        assertThat(batch.pending()).extracting(Run::indexer).containsExactly("geography", "patents");
        assertThat(batch.isListed()).isTrue();
        assertThat(batch.people().size()).isEqualTo(2);
        assertThat(batch.people().read(0, 10)).hasSize(2);
        assertThat(open.get("b1")).isSameAs(batch);
        assertThat(log).contains("resuming batch b1 (started at ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PAUSED", "RUNNING"})
    void resumesPausedAndRunningBatches(State state) {
        batch("b1", HOUR, "patents");
        database.ledger().endBatch("b1", state, "the application is stopping", Instant.now());

        assertThat(unfinished().resume()).hasSize(1);
    }

    /** No chunk can have started, and the last page read is unknown. */
    @Test
    void restartsAnInterruptedListing() {
        batch("b1", HOUR, "patents");

        Batch batch = unfinished().resume().getFirst();

        assertThat(batch.isListed()).isFalse();
        assertThat(batch.people().size()).isZero();
        assertThat(batch.people().read(0, 10)).isEmpty();
    }

    @Test
    void resumesOldestFirst() {
        batch("b2", HOUR, "patents");
        batch("b1", HOUR, "functions");

        assertThat(unfinished().resume()).extracting(Batch::id).containsExactly("b1", "b2");
    }

    @Test
    void claimsOnlyTheIndexersThatItResumes() {
        batch("b1", HOUR, "functions", "patents");
        database.ledger().endRun("b1", "functions", State.COMPLETED, null, Instant.now());

        unfinished().resume();

        assertThat(open.claim("patents", "next")).isEqualTo("b1");
        assertThat(open.claim("functions", "next")).isEqualTo("next");
    }

    @Test
    void skipsBatchInProgress() {
        batch("b1", HOUR, "patents");
        List<Batch> first = unfinished().resume();

        assertThat(first).hasSize(1);
        assertThat(unfinished().resume()).isEmpty();
        open.release("b1");
        assertThat(unfinished().resume()).hasSize(1);
    }

    @Test
    void postponesBatchWhoseIndexerRunsInAnother() {
        batch("b1", HOUR, "functions", "patents");
        open.claim("patents", "other");

        assertThat(unfinished().resume()).isEmpty();
        assertThat(open.claim("functions", "next")).isEqualTo("next");
        open.release("other");
        open.release("next");
        assertThat(unfinished().resume()).hasSize(1);
    }

    @Test
    void concurrentCallsResumeEachBatchOnce() throws Exception {
        batch("b1", HOUR, "functions");
        batch("b2", HOUR, "patents");
        Unfinished unfinished = unfinished();
        List<Batch> resumed = new CopyOnWriteArrayList<>();
        CyclicBarrier together = new CyclicBarrier(8);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            threads.invokeAll(Collections.nCopies(8, () -> {
                together.await();
                return resumed.addAll(unfinished.resume());
            }));
        }

        assertThat(resumed).extracting(Batch::id).containsExactlyInAnyOrder("b1", "b2");
    }

    @Test
    void doesNotResumeACancelledRun() {
        batch("b1", HOUR, "functions", "patents");
        database.ledger().cancelRun("b1", "patents", "cancelled by ops", Instant.now());

        Batch batch = unfinished().resume().getFirst();

        assertThat(batch.pending()).extracting(Run::indexer).containsExactly("functions");
        assertThat(open.claim("patents", "next")).isEqualTo("next");
    }

    @Test
    void abandonsWhenTheSettingSaysSo(CapturedOutput log) {
        batch("b1", HOUR, "patents");
        database.feeds().add("b1", "patents", new FeedProgress("x", "/2", 1, 1, 1, 0), Map.of(0, List.of("text")));

        assertThat(unfinished("colleagues.indexing.unfinished=abandon").resume())
                .isEmpty();

        assertAbandoned("b1", "abandoned: colleagues.indexing.unfinished is abandon");
        assertThat(database.feeds().find("b1", "patents")).isEmpty();
        assertThat(log).contains(") abandoned: colleagues.indexing.unfinished is abandon");
    }

    @Test
    void abandonsOldBatchesAndResumesTheRest() {
        batch("b1", Duration.ofHours(37), "patents");
        batch("b2", Duration.ofHours(35), "functions");

        assertThat(unfinished().resume()).extracting(Batch::id).containsExactly("b2");
        assertAbandoned("b1", "abandoned: it is older than colleagues.indexing.resume-within");
    }

    /** With a daily schedule, also when clocks change and a day has 23 or 25 hours. */
    @ParameterizedTest
    @ValueSource(ints = {23, 24, 25})
    void resumesTheBatchOfTheLastNightButNotOfTheNightBefore(int hours) {
        batch("b1", Duration.ofHours(hours).plusHours(24), "patents");
        batch("b2", Duration.ofHours(hours), "functions");

        assertThat(unfinished().resume()).extracting(Batch::id).containsExactly("b2");
    }

    /** A trigger fires some milliseconds after its time. */
    @Test
    void toleratesLateTriggersWhenResumeWithinIsTheInterval() {
        batch("b1", Duration.ofHours(24), "patents");
        batch("b2", Duration.ofHours(24).plusSeconds(2), "functions");
        batch("b3", Duration.ofHours(24).plusMinutes(2), "geography");

        assertThat(unfinished("colleagues.indexing.resume-within=24h").resume())
                .extracting(Batch::id)
                .containsExactly("b1", "b2");
    }

    @Test
    void abandonsBatchWithPendingRunOfARemovedIndexer() {
        batch("b1", HOUR, "patents", "publications");

        assertThat(unfinished().resume()).isEmpty();
        assertAbandoned("b1", "abandoned: its indexer publications is no longer in the route files");
        assertThat(open.claim("patents", "next")).isEqualTo("next");
    }

    @Test
    void resumesBatchWithFinishedRunOfARemovedIndexer() {
        batch("b1", HOUR, "patents", "publications");
        database.ledger().endRun("b1", "publications", State.COMPLETED, null, Instant.now());

        assertThat(unfinished().resume()).hasSize(1);
    }

    /** The newer batch fetches the same data again. */
    @Test
    void doesNotResumeASupersededBatch() {
        batch("b1", HOUR, "functions", "patents");
        database.ledger().endBatch("b1", State.PAUSED, "disk full", Instant.now());
        batch("b2", HOUR, "functions", "patents");

        assertThat(unfinished().resume()).extracting(Batch::id).containsExactly("b2");
    }

    @Test
    void resumesNothingWhileTheApplicationIsStopping() {
        batch("b1", HOUR, "patents");
        open.stop();

        assertThat(unfinished().resume()).isEmpty();
        assertThat(database.ledger().unfinished()).hasSize(1);
    }

    @Test
    void abandonsDemoBatchWhenThePeopleAreReal() {
        madeUp("demo1", "demo:ada", "demo:bob");
        madeUp("mixed", "demo:ada", "bob");

        assertThat(unfinished("colleagues.apis.default.base-url=https://people.example.org")
                        .resume())
                .extracting(Batch::id)
                .containsExactly("mixed");

        assertAbandoned(
                "demo1", "abandoned: it has the made-up people of the demo, but the application now uses real people");
    }

    @Test
    void resumesDemoBatchInTheDemo() {
        madeUp("demo1", "demo:ada", "demo:bob");

        assertThat(unfinished().resume()).hasSize(1);
    }

    private void madeUp(String id, String... ids) {
        database.ledger()
                .open(
                        id,
                        "test",
                        Instant.now(),
                        List.of(id.equals("mixed") ? "patents" : "functions"),
                        100,
                        false,
                        null);
        List<Person> people =
                Stream.of(ids).map(person -> new Person(person, "")).toList();
        database.people().list(id, 0).add(people);
        database.ledger().listed(id, ids.length);
    }

    private void assertAbandoned(String batchId, String reason) {
        assertThat(database.ledger().batch(batchId).orElseThrow().state()).isEqualTo(State.ABANDONED);
        assertThat(database.ledger().runs(batchId))
                .allSatisfy(run -> assertThat(run.state()).isEqualTo(State.ABANDONED));
        assertThat(database.sql()
                        .sql("select last_error from batch where id = ?")
                        .param(batchId)
                        .query(String.class)
                        .single())
                .isEqualTo(reason);
        assertThat(database.people().list(batchId, 0).read(0, 10)).isEmpty();
    }

    /** A batch of this age that has read one page with two people. */
    private void batch(String id, Duration age, String... indexers) {
        database.ledger().open(id, "test", Instant.now().minus(age), List.of(indexers), 100, false, null);
        database.people().list(id, 0).add(List.of(new Person("ada", ""), new Person("bob", "")));
    }

    private Unfinished unfinished(String... settings) {
        return new Unfinished(
                open,
                database.ledger(),
                database.people(),
                database.feeds(),
                FixedIndexers.named("functions", "geography", "patents"),
                database.database(),
                ShippedSettings.with(settings));
    }
}
