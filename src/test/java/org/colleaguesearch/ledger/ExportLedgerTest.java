package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.people.Person;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DuplicateKeyException;

/** On H2. {@link ExportLedgerPostgresqlIT} runs the same tests on PostgreSQL. */
class ExportLedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00.123Z");
    private static final List<String> URLS = List.of("http://a", "http://b", "http://a");

    @RegisterExtension
    final TestLedger database = database();

    private final ExportLedger exports = database.exports();
    private final Ledger ledger = database.ledger();

    TestLedger database() {
        return TestLedger.h2();
    }

    @Test
    void findsAnAcceptedExport() {
        accept("e1", "key", "job");

        assertThat(exports.find("key", "job"))
                .contains(new ExportEntry(
                        "e1", "key", "job", "digest", State.NOT_STARTED, 3, Counts.NONE, NOW, null, null));
        assertThat(exports.find("other", "job")).isEmpty();
        assertThat(exports.find("key", "other")).isEmpty();
        assertThat(database.people().list("e1", 3).read(0, 10))
                .containsExactly(new Person("0", "http://a"), new Person("1", "http://b"), new Person("2", "http://a"));
    }

    @Test
    void keepsManyUrlsInOrder() {
        List<String> urls =
                IntStream.range(0, 2_500).mapToObj(i -> "http://" + i % 7).toList();

        exports.accept("e1", NOW, "key", "job", "digest", null, urls, 100);

        assertThat(database.people().list("e1", 2_500).read(0, 2_500))
                .extracting(Person::name)
                .isEqualTo(urls);
    }

    @Test
    void jobIdIsUniquePerCaller() {
        accept("e1", "key", "job");

        assertThatThrownBy(() -> accept("e2", "key", "job")).isInstanceOf(DuplicateKeyException.class);

        assertThat(exports.unfinished()).extracting(ExportEntry::batchId).containsExactly("e1");
        assertThat(database.people().list("e2", 3).read(0, 10)).isEmpty();
        accept("e3", "other", "job");
        assertThat(exports.find("other", "job").orElseThrow().batchId()).isEqualTo("e3");
    }

    @Test
    void countsUnfinishedExports() {
        accept("e1", "key", "1");
        accept("e2", "key", "2");
        accept("e3", "other", "3");
        ledger.endRun("e1", Indexer.EXPORT, State.COMPLETED, null, NOW);
        ledger.endRun("e3", Indexer.EXPORT, State.PAUSED, "the API is down", NOW);

        assertThat(exports.countUnfinished("key")).isOne();
        assertThat(exports.countUnfinished("other")).isOne();
        assertThat(exports.countUnfinished(null)).isEqualTo(2);
        assertThat(exports.countUnfinished("nobody")).isZero();
    }

    @Test
    void unfinishedIncludesExportsThatOnlyHaveToBeClosed() {
        accept("e1", "key", "1");
        accept("e2", "key", "2");
        ledger.endRun("e1", Indexer.EXPORT, State.COMPLETED, null, NOW);
        assertThat(exports.unfinished()).extracting(ExportEntry::batchId).containsExactly("e1", "e2");

        ledger.endBatch("e1", State.COMPLETED, null, NOW);

        assertThat(exports.unfinished()).extracting(ExportEntry::batchId).containsExactly("e2");
    }

    @Test
    void addsUpDoneChunks() {
        accept("e1", "key", "job");
        Chunk chunk =
                new Chunk("e1", Indexer.EXPORT, 1, List.of(new Person("0", "http://a"), new Person("1", "http://b")));
        database.chunks().begin(chunk);
        database.chunks()
                .end(
                        ChunkOutcomes.failed(chunk, List.of("http://a", "http://b"), "gone"),
                        new Counts(2, 0, 5, 2, 3),
                        NOW);
        ledger.endRun("e1", Indexer.EXPORT, State.FAILED, "too large", NOW);

        ExportEntry entry = exports.find("key", "job").orElseThrow();

        assertThat(entry.counts()).isEqualTo(new Counts(2, 0, 5, 2, 3));
        assertThat(entry.state()).isEqualTo(State.FAILED);
        assertThat(entry.error()).isEqualTo("too large");
        assertThat(entry.ended()).isEqualTo(NOW);
        assertThat(database.chunks().failed("e1", Indexer.EXPORT, -1, 10))
                .extracting(failed ->
                        failed.position() + " " + failed.failed().call().url())
                .containsExactly("0 http://a", "1 http://b");
    }

    @Test
    void keepsColumns() {
        exports.accept("e1", NOW, "key", "1", "digest", "[\"a\",\"b\"]", URLS, 2);
        accept("e2", "key", "2");

        assertThat(exports.columns("e1")).contains("[\"a\",\"b\"]");
        assertThat(exports.columns("e2")).isEmpty();
    }

    /** So it is not swept, superseded, resumed or shown as one. */
    @Test
    void exportIsNotABatchOfIndexers() {
        ledger.open("b1", "test", NOW, List.of("patents"), 2, false, null);
        accept("e2", "key", "job");

        assertThat(ledger.batch("e2")).isEmpty();
        assertThat(ledger.unfinished()).extracting(BatchEntry::id).containsExactly("b1");
        assertThat(ledger.newest()).map(BatchEntry::id).contains("b1");
        assertThat(ledger.isNewest("b1")).isTrue();
        ledger.endBatch("e2", State.PAUSED, "stopped", NOW);
        ledger.open("b3", "test", NOW, List.of("patents"), 2, false, null);
        assertThat(exports.find("key", "job").orElseThrow().state()).isEqualTo(State.NOT_STARTED);
        assertThat(ledger.isUnfinished("e2")).isTrue();
    }

    @Test
    void cancelledRunStaysCancelled() {
        accept("e1", "key", "job");

        assertThat(ledger.cancelRun("e1", Indexer.EXPORT, "cancelled by key", NOW))
                .isTrue();

        assertThat(ledger.cancelRun("e1", Indexer.EXPORT, "cancelled again", NOW))
                .isFalse();
        assertThat(ledger.startRun("e1", Indexer.EXPORT, NOW)).isFalse();
        assertThat(ledger.endRun("e1", Indexer.EXPORT, State.COMPLETED, null, NOW))
                .isFalse();
        ExportEntry entry = exports.find("key", "job").orElseThrow();
        assertThat(entry.state()).isEqualTo(State.CANCELLED);
        assertThat(entry.error()).isEqualTo("cancelled by key");
    }

    @Test
    void isRemovedWithAllItsData() {
        accept("e1", "key", "job");
        ledger.endBatch("e1", State.FAILED, "x", NOW);
        assertThat(ledger.endedBefore(NOW.plusMillis(1))).containsExactly("e1");

        database.people().delete("e1");
        ledger.forget("e1");

        assertThat(exports.find("key", "job")).isEmpty();
        accept("e2", "key", "job");
    }

    private void accept(String batchId, String caller, String jobId) {
        exports.accept(batchId, NOW, caller, jobId, "digest", null, URLS, 2);
    }
}
