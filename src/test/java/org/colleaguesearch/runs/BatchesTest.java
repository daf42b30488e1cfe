package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.people.PeopleListException;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;

class BatchesTest {
    private static final List<Person> ADA = List.of(new Person("ada", "Ada"));

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    private final OpenBatches open = new OpenBatches(ShippedSettings.with());

    @Test
    void opensRunForEachIndexer() {
        Batches batches = batches();
        Batch batch = batches.open("test");

        assertThat(indexers(batch)).containsExactly("functions", "geography", "memberships", "patents");
        assertThat(batch.runs()).allSatisfy(run -> assertThat(run.state()).isEqualTo(State.NOT_STARTED));
        batches.close(batch);
    }

    @Test
    void opensOnlyEnabledIndexers() {
        Batches batches = batches("colleagues.indexing.only=patents,functions");
        Batch batch = batches.open("test");

        assertThat(indexers(batch)).containsExactly("functions", "patents");
        batches.close(batch);
    }

    @Test
    void skipsRunningIndexersUntilTheirBatchCloses() {
        Batches batches = batches();
        Batch first = batches.open("test");

        assertThat(batches.open("test").runs()).isEmpty();
        batches.close(first);
        Batch third = batches.open("test");
        assertThat(third.runs()).hasSize(4);
        batches.close(third);
    }

    /** Otherwise it could be opened or deleted while its files are deleted. */
    @Test
    void batchIsFreeOnlyAfterItsCloseIsDone() {
        Batches batches = batches();
        Batch batch = batches.open("test");

        assertThatThrownBy(() -> batches.close(batch, () -> {
                    assertThat(open.isTaken(batch.id())).isTrue();
                    throw new IllegalStateException("expected by this test");
                }))
                .hasMessage("expected by this test");

        assertThat(open.isTaken(batch.id())).isFalse();
    }

    @Test
    void claimsEachIndexerOnceFor20ConcurrentTriggers() throws Exception {
        Batches batches = batches();
        for (int round = 0; round < 20; round++) {
            List<Batch> opened = atOnce(20, () -> batches.open("test"));

            assertThat(opened.stream().flatMap(batch -> indexers(batch).stream()))
                    .containsExactlyInAnyOrder("functions", "geography", "memberships", "patents");
            for (Batch batch : opened) {
                batches.close(batch);
            }
        }
    }

    @Test
    void closingABatchTwiceDoesNotFreeTheIndexersOfAnother() {
        Batches batches = batches();
        Batch first = batches.open("test");
        batches.close(first);
        Batch second = batches.open("test");
        batches.close(first);

        assertThat(batches.open("test").runs()).isEmpty();
        batches.close(second);
    }

    @Test
    void idsAreUniqueAndSortByTime() throws Exception {
        Batches batches = batches();
        List<String> sequential = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sequential.add(batches.open("test").id());
        }
        List<String> together =
                atOnce(20, () -> batches.open("test")).stream().map(Batch::id).toList();

        assertThat(sequential)
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("\\d{8}T\\d{9}Z"))
                .doesNotContainAnyElementsOf(together);
        assertThat(together).doesNotHaveDuplicates();
    }

    @Test
    void doesNotRecordABatchWithoutRuns() {
        Batches batches = batches();
        Batch first = batches.open("test");
        Batch none = batches.open("test");

        assertThat(database.ledger().unfinished()).extracting(BatchEntry::id).containsExactly(first.id());
        assertThat(open.take(none.id())).isTrue();
    }

    @Test
    void recordsOpenedRuns() {
        Batch batch = batches("colleagues.indexing.batch-size=7", "colleagues.indexing.only=patents")
                .open("test");

        assertThat(database.ledger().runs(batch.id()))
                .containsExactly(new RunEntry(batch.id(), "patents", State.NOT_STARTED, 7, Counts.NONE, null));
        assertThat(open.get(batch.id())).isSameAs(batch);
    }

    @Test
    void freesTheIndexersWhenTheLedgerCannotBeWritten() {
        database.sql().sql("alter table batch rename to batch_away").update();
        try {
            assertThatThrownBy(() -> batches().open("test")).isInstanceOf(DataAccessException.class);
        } finally {
            database.sql().sql("alter table batch_away rename to batch").update();
        }

        assertThat(batches().open("test").runs()).hasSize(4);
    }

    @Test
    void closesCompletedBatchAndDeletesItsPeople() {
        Batches batches = batches();
        Batch batch = listed(batches);
        batch.runs().forEach(run -> {
            run.start(Counts.NONE);
            run.end();
        });
        batches.close(batch);

        assertThat(state(batch)).isEqualTo(State.COMPLETED);
        assertThat(batch.people().read(0, 10)).isEmpty();
        assertThat(database.ledger().unfinished()).isEmpty();
    }

    @Test
    void keepsThePeopleOfABatchToRetryOrResume() {
        Batches batches = batches();
        Batch errors = listed(batches);
        errors.runs().forEach(run -> {
            run.start(new Counts(1, 0, 0, 1, 1));
            run.end();
        });
        batches.close(errors);
        Batch paused = listed(batches);
        batches.close(paused);

        assertThat(state(errors)).isEqualTo(State.COMPLETED);
        assertThat(errors.people().read(0, 10)).hasSize(1);
        assertThat(state(paused)).isEqualTo(State.PAUSED);
        assertThat(paused.people().read(0, 10)).hasSize(1);
    }

    @Test
    void freesTheIndexersWhenTheEndCannotBeRecorded() {
        Batches batches = batches();
        Batch batch = batches.open("test");
        database.sql().sql("alter table batch rename to batch_away").update();
        try {
            batches.close(batch);
        } finally {
            database.sql().sql("alter table batch_away rename to batch").update();
        }

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(state(batch)).isEqualTo(State.RUNNING);
        assertThat(batches.open("test").runs()).hasSize(4);
    }

    @Test
    void writesNothingMoreAfterALostLease() {
        Batches batches = batches();
        Batch batch = batches.open("test");
        open.lose(new Lease.Lost("another has taken over", Instant.now()));

        assertThat(batch.runs()).allSatisfy(run -> assertThat(run.isStopping()).isTrue());
        assertThatThrownBy(() -> batches.listing(batch).add(ADA))
                .isInstanceOf(PausedException.class)
                .hasMessage("another has taken over");
        assertThatThrownBy(() -> batches.listed(batch)).isInstanceOf(PausedException.class);
        batches.close(batch);

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(state(batch)).isEqualTo(State.RUNNING);
        assertThat(batches.open("test").runs()).hasSize(4);
    }

    @Test
    void opensNothingWhileTheApplicationIsStopping() {
        Batches batches = batches();
        Batch underWay = batches.open("test");
        open.stop();

        assertThat(underWay.runs())
                .allSatisfy(run -> assertThat(run.isStopping()).isTrue());
        batches.close(underWay);
        assertThat(batches.open("test").runs()).isEmpty();
    }

    @Test
    void recordsWhyABatchFailed() {
        Batches batches = batches();
        Batch batch = batches.open("test");
        batches.fail(
                batch,
                new PeopleListException(
                        "invalid page of the people list: colleagues.people.items, .items, is null; expected a list"));

        assertThat(batch.failure())
                .contains("invalid page of the people list: colleagues.people.items, .items, is null; expected a list");
        assertThat(batch.exitCode()).isEqualTo(2);
        batches.close(batch);
        assertThat(state(batch)).isEqualTo(State.FAILED);
        assertThat(database.ledger().runs(batch.id()))
                .allSatisfy(run -> assertThat(run.state()).isEqualTo(State.FAILED));
    }

    @Test
    void pausesBatchThatFailsAfterTheListing() {
        Batches batches = batches();
        Batch batch = listed(batches);
        batches.fail(batch, new IllegalStateException("no such route"));
        batches.close(batch);

        assertThat(state(batch)).isEqualTo(State.PAUSED);
        assertThat(database.ledger().unfinished()).hasSize(1);
    }

    @Test
    void pausesListingWhenTheApplicationIsStopping() {
        Batches batches = batches();
        Batch batch = batches.open("test");
        open.stop();

        assertThatThrownBy(() -> batches.listing(batch).add(ADA))
                .isInstanceOf(PausedException.class)
                .hasMessage("the application is stopping");
        batches.fail(batch, new PausedException("the application is stopping"));
        batches.close(batch);
        assertThat(state(batch)).isEqualTo(State.PAUSED);
    }

    private Batches batches(String... settings) {
        return new Batches(
                FixedIndexers.named("functions", "geography", "memberships", "patents"),
                open,
                database.ledger(),
                database.chunks(),
                database.people(),
                database.database(),
                ShippedSettings.with(settings));
    }

    /** A batch with one person. */
    private static Batch listed(Batches batches) {
        Batch batch = batches.open("test");
        batches.listing(batch).add(ADA);
        batches.listed(batch);
        return batch;
    }

    private State state(Batch batch) {
        return database.ledger().batch(batch.id()).orElseThrow().state();
    }

    private static List<String> indexers(Batch batch) {
        return batch.runs().stream().map(Run::indexer).toList();
    }

    private static List<Batch> atOnce(int threads, Callable<Batch> action) throws Exception {
        CyclicBarrier together = new CyclicBarrier(threads);
        List<Future<Batch>> results = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                results.add(pool.submit(() -> {
                    together.await();
                    return action.call();
                }));
            }
        }
        List<Batch> batches = new ArrayList<>();
        for (Future<Batch> result : results) {
            batches.add(result.get());
        }
        return batches;
    }
}
