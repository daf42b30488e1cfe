package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.people.PeopleListException;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchesTest {
    @TempDir
    Path folder;

    @Test
    void opensRunForEachIndexer() throws IOException {
        Batches batches = batches();
        Batch batch = batches.open("test");

        assertThat(indexers(batch)).containsExactly("functions", "geography", "memberships", "patents");
        assertThat(batch.runs()).allSatisfy(run -> assertThat(run.state()).isEqualTo(Run.State.NOT_STARTED));
        batches.close(batch);
    }

    @Test
    void opensOnlyTheIndexersThatAreAskedFor() throws IOException {
        Batches batches = batches("colleagues.indexing.only=patents,functions");
        Batch batch = batches.open("test");

        assertThat(indexers(batch)).containsExactly("functions", "patents");
        batches.close(batch);
    }

    @Test
    void skipsIndexersThatStillRunAndFreesThemAtTheEnd() throws IOException {
        Batches batches = batches();
        Batch first = batches.open("test");

        assertThat(batches.open("test").runs()).isEmpty();
        batches.close(first);
        Batch third = batches.open("test");
        assertThat(third.runs()).hasSize(4);
        batches.close(third);
    }

    @Test
    void claimsEachIndexerOnceFor20TriggersAtOnce() throws Exception {
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
    void lateEndOfOneBatchDoesNotFreeTheIndexersOfAnother() throws IOException {
        Batches batches = batches();
        Batch first = batches.open("test");
        batches.close(first);
        Batch second = batches.open("test");
        batches.close(first);

        assertThat(batches.open("test").runs()).isEmpty();
        batches.close(second);
    }

    @Test
    void givesEachBatchAnIdOfItsOwnThatSortsByTime() throws Exception {
        Batches batches = batches();
        List<String> inTurn = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            inTurn.add(batches.open("test").id());
        }
        List<String> together =
                atOnce(20, () -> batches.open("test")).stream().map(Batch::id).toList();

        assertThat(inTurn)
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("\\d{8}T\\d{9}Z"))
                .doesNotContainAnyElementsOf(together);
        assertThat(together).doesNotHaveDuplicates();
        batches.stop();
    }

    @Test
    void leavesNoFileOfBatchThatHasNothingToRun() throws IOException {
        Batches batches = batches();
        Batch first = batches.open("test");
        assertThat(batches.open("test").runs()).isEmpty();
        batches.close(first);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void opensNothingOnceTheApplicationStops() throws IOException {
        Batches batches = batches();
        Batch underWay = batches.open("test");
        batches.stop();

        assertThat(underWay.runs())
                .allSatisfy(run -> assertThat(run.isStopping()).isTrue());
        batches.close(underWay);
        assertThat(batches.open("test").runs()).isEmpty();
    }

    @Test
    void notesWhyBatchFailed() throws IOException {
        Batches batches = batches();
        Batch batch = batches.open("test");
        batches.fail(batch, new PeopleListException("a page of the people list has no array 'items'"));

        assertThat(batch.failure()).contains("a page of the people list has no array 'items'");
        assertThat(batch.exitCode()).isEqualTo(2);
        batches.close(batch);
    }

    @Test
    void beginsAtStartOnlyWithTheDemoApiUnlessToldOtherwise() {
        assertThat(batches().atStart()).isTrue();
        assertThat(batches("colleagues.api.base-url=https://api.example.org").atStart())
                .isFalse();
        assertThat(batches("colleagues.run-at-start=false").atStart()).isFalse();
        assertThat(batches("colleagues.api.base-url=https://api.example.org", "colleagues.run-at-start=true")
                        .atStart())
                .isTrue();
    }

    private Batches batches(String... settings) {
        String[] all = new String[settings.length + 1];
        System.arraycopy(settings, 0, all, 1, settings.length);
        all[0] = "colleagues.indexing.work-folder=" + folder;
        return new Batches(
                FixedIndexers.named("functions", "geography", "memberships", "patents"), ShippedSettings.with(all));
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
