package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.ledger.FeedLedger.FeedProgress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On H2. {@link FeedLedgerPostgresqlIT} runs the same tests on PostgreSQL. */
class FeedLedgerTest {
    @RegisterExtension
    final TestLedger database = database();

    private final FeedLedger feeds = database.feeds();

    TestLedger database() {
        return TestLedger.h2();
    }

    @BeforeEach
    void openBatches() {
        for (String batch : List.of("b1", "b2")) {
            database.ledger().open(batch, "test", Instant.EPOCH, List.of("trainings", "works"), 10, false, null);
        }
    }

    @Test
    void nothingIsKnownOfAFeedBeforeItsFirstPage() {
        assertThat(feeds.find("b1", "trainings")).isEmpty();
        assertThat(text("b1", "trainings", 0)).isEmpty();
    }

    @Test
    void keepsTheTextsOfSlicesInTheOrderOfThePages() {
        feeds.add("b1", "trainings", progress("/2", 1), Map.of(0, List.of("a"), 1, List.of("b")));
        feeds.add("b1", "trainings", progress("/11", 10), Map.of(1, List.of("c")));
        feeds.add("b1", "trainings", progress(null, 11), Map.of(0, List.of("d"), 1, List.of("e")));
        feeds.add("b1", "works", progress(null, 1), Map.of(1, List.of("other indexer")));
        feeds.add("b2", "trainings", progress(null, 1), Map.of(1, List.of("other batch")));

        assertThat(feeds.find("b1", "trainings")).contains(progress(null, 11));
        assertThat(text("b1", "trainings", 0)).isEqualTo("ad");
        assertThat(text("b1", "trainings", 1)).isEqualTo("bce");
        assertThat(text("b1", "trainings", 2)).isEmpty();
    }

    @Test
    void pagesWithoutTextsAreProgress() {
        feeds.add("b1", "trainings", progress("/2", 1), Map.of());

        assertThat(feeds.find("b1", "trainings")).contains(progress("/2", 1));
    }

    /** The response of the database may be lost. */
    @Test
    void pagesAreAddedOnceWhenTheyAreAddedAgain() {
        feeds.add("b1", "trainings", progress("/2", 1), Map.of(0, List.of("a")));
        feeds.add("b1", "trainings", progress("/3", 2), Map.of(0, List.of("b")));
        feeds.add("b1", "trainings", progress("/3", 2), Map.of(0, List.of("b")));

        assertThat(text("b1", "trainings", 0)).isEqualTo("ab");
    }

    @Test
    void textMayBeLongerThanARow() {
        String text = "0123456789".repeat(25_000);

        feeds.add("b1", "trainings", progress("/2", 1), Map.of(0, List.of(text)));
        feeds.add("b1", "trainings", progress(null, 2), Map.of(0, List.of("end")));

        assertThat(text("b1", "trainings", 0)).isEqualTo(text + "end");
        assertThat(feeds.text("b1", "trainings", 0)).allMatch(row -> row.length() <= 64_000);
    }

    @Test
    void forgetsOneFeed() {
        for (String batch : List.of("b1", "b2")) {
            feeds.add(
                    batch,
                    "trainings",
                    progress("/2", 1),
                    Map.of(0, List.of("a"), 7, List.of("b"), 1023, List.of("c")));
        }
        // A kill may have left some slices.
        database.sql().sql("delete from feed_slice where slice = 7").update();

        feeds.forget("b1", "trainings");
        feeds.forget("b1", "trainings");

        assertThat(feeds.find("b1", "trainings")).isEmpty();
        assertThat(rows("feed")).containsExactly("b2");
        assertThat(rows("feed_slice")).containsExactly("b2", "b2");
    }

    @Test
    void forgetsTheFeedsOfABatchOrAnIndexer() {
        for (String batch : List.of("b1", "b2")) {
            for (String indexer : List.of("trainings", "works")) {
                feeds.add(batch, indexer, progress("/2", 1), Map.of(0, List.of("a"), 1, List.of("b")));
            }
        }

        feeds.forgetBatch("b1");

        assertThat(rows("feed")).containsExactly("b2", "b2");
        assertThat(rows("feed_slice")).hasSize(4).containsOnly("b2");

        feeds.forgetIndexer("works");

        assertThat(rows("feed")).containsExactly("b2");
        assertThat(text("b2", "trainings", 0)).isEqualTo("a");
        feeds.forgetBatch("b3");
        feeds.forgetIndexer("offices");
    }

    @Test
    void findsTheEndedBatchesWithFeeds() {
        for (String batch : List.of("b1", "b2", "b3")) {
            if (batch.equals("b3")) {
                database.ledger().open(batch, "test", Instant.EPOCH, List.of("trainings", "works"), 10, false, null);
            }
            feeds.add(batch, "trainings", progress("/2", 1), Map.of());
            feeds.add(batch, "works", progress("/2", 1), Map.of());
        }
        assertThat(feeds.ended()).isEmpty();

        database.ledger().endBatch("b1", State.FAILED, "failed", Instant.EPOCH);
        database.ledger().endBatch("b2", State.PAUSED, "paused", Instant.EPOCH);

        assertThat(feeds.ended()).containsExactly("b1");
    }

    private String text(String batchId, String indexer, int slice) {
        return String.join("", feeds.text(batchId, indexer, slice));
    }

    List<String> rows(String table) {
        return database.sql()
                .sql("select batch_id from " + table)
                .query(String.class)
                .list();
    }

    static FeedProgress progress(String next, int pages) {
        return new FeedProgress("definition", next, pages, pages * 10L, pages * 9L, pages);
    }
}
