package org.colleaguesearch.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.people.Person;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The chunks, failed URLs and held outcomes in the ledger. Stateless and thread-safe. Each method is one transaction,
 * committed when the method returns. Writing requires the {@link Lease}.
 */
@Component
@Transactional
public class ChunkLedger {
    private static final String OF_CHUNK = " where batch_id = ? and indexer = ? and number = ?";
    private static final String OF_RUN = " where batch_id = ? and indexer = ?";

    private final JdbcClient sql;
    private final JdbcTemplate many;

    ChunkLedger(JdbcClient sql, JdbcTemplate many) {
        this.sql = sql;
        this.many = many;
    }

    /**
     * Records the start of a chunk.
     *
     * @return the number of attempts, including this one
     */
    public int begin(Chunk chunk) {
        int updated = sql.sql("update chunk set attempts = attempts + 1" + OF_CHUNK)
                .params(chunk.batchId(), chunk.indexer(), chunk.number())
                .update();
        if (updated == 0) {
            sql.sql("insert into chunk (batch_id, indexer, number, attempts) values (?, ?, ?, 1)")
                    .params(chunk.batchId(), chunk.indexer(), chunk.number())
                    .update();
            return 1;
        }
        return sql.sql("select attempts from chunk" + OF_CHUNK)
                .params(chunk.batchId(), chunk.indexer(), chunk.number())
                .query(Integer.class)
                .single();
    }

    /** The numbers of a run's unfinished chunks with at least this many attempts, in order. */
    @Transactional(readOnly = true)
    public List<Integer> oftenBegun(String batchId, String indexer, int attempts) {
        return sql.sql("select number from chunk" + OF_RUN + " and done is null and attempts >= ? order by number")
                .params(batchId, indexer, attempts)
                .query(Integer.class)
                .list();
    }

    /** Resets the attempts of a batch's unfinished chunks after a pause, since they did not crash the process. */
    public void forgive(String batchId) {
        sql.sql("update chunk set attempts = 0 where batch_id = ? and done is null")
                .param(batchId)
                .update();
    }

    /**
     * Records that a chunk is done, with its counts, failed URLs and held outcomes. May be repeated if its success is
     * uncertain.
     *
     * @throws IllegalStateException if the chunk was never started
     */
    public void end(ChunkOutcomes outcomes, Counts counts, Instant now) {
        Chunk chunk = outcomes.chunk();
        int updated = sql.sql("update chunk set done = ?, urls = ?, documents = ?, csv_rows = ?, errors = ?, calls = ?,"
                        + " unchanged = ?, held = ?" + OF_CHUNK)
                .params(
                        Ledger.at(now),
                        counts.urls(),
                        counts.documents(),
                        counts.rows(),
                        counts.errors(),
                        counts.calls(),
                        counts.unchanged(),
                        counts.held(),
                        chunk.batchId(),
                        chunk.indexer(),
                        chunk.number())
                .update();
        if (updated == 0) {
            throw new IllegalStateException("chunk " + chunk.number() + " of run " + chunk.indexer() + " of batch "
                    + chunk.batchId() + " was never started");
        }
        insert(outcomes, now);
    }

    /** Records the outcomes of a chunk's failed URLs after they were retried, or of its held ones after their release. */
    public void retried(ChunkOutcomes outcomes, Counts change, Instant now) {
        Chunk chunk = outcomes.chunk();
        sql.sql("update chunk set documents = documents + ?, csv_rows = csv_rows + ?, errors = errors + ?,"
                        + " calls = calls + ?, unchanged = unchanged + ?, held = held + ?" + OF_CHUNK)
                .params(
                        change.documents(),
                        change.rows(),
                        change.errors(),
                        change.calls(),
                        change.unchanged(),
                        change.held(),
                        chunk.batchId(),
                        chunk.indexer(),
                        chunk.number())
                .update();
        List<Object[]> people = chunk.people().stream()
                .map(person -> new Object[] {chunk.batchId(), chunk.indexer(), chunk.batchId(), person.id()})
                .toList();
        for (String table : List.of("failed_url", "held_section")) {
            many.batchUpdate(
                    "delete from " + table + OF_RUN
                            + " and position = (select position from person where batch_id = ? and id = ?)",
                    people);
        }
        insert(outcomes, now);
    }

    private void insert(ChunkOutcomes outcomes, Instant now) {
        Chunk chunk = outcomes.chunk();
        List<Object[]> rows = outcomes.failed()
                .map(failed -> new Object[] {
                    chunk.batchId(),
                    chunk.indexer(),
                    chunk.number(),
                    failed.call().url(),
                    Ledger.stored(failed.reason()),
                    failed.status(),
                    failed.attempts(),
                    Ledger.at(now),
                    chunk.batchId(),
                    failed.call().person().id()
                })
                .toList();
        if (!rows.isEmpty()) {
            many.batchUpdate("""
                    insert into failed_url
                        (batch_id, indexer, chunk, url, reason, status, attempts, failed_at, position)
                    values (?, ?, ?, ?, ?, ?, ?, ?, (select position from person where batch_id = ? and id = ?))
                    on conflict do nothing""", rows);
        }
        many.batchUpdate(
                """
                insert into held_section (batch_id, indexer, chunk, url, items, position)
                values (?, ?, ?, ?, ?, (select position from person where batch_id = ? and id = ?))
                on conflict do nothing""",
                outcomes.fetched()
                        .filter(Fetched::isHeld)
                        .map(held -> new Object[] {
                            chunk.batchId(),
                            chunk.indexer(),
                            chunk.number(),
                            held.call().url(),
                            held.items(),
                            chunk.batchId(),
                            held.call().person().id()
                        })
                        .toList());
    }

    /** The done chunks of a run, in order. */
    @Transactional(readOnly = true)
    public List<DoneChunk> done(String batchId, String indexer) {
        return sql.sql("select number, csv_rows from chunk" + OF_RUN + " and done is not null order by number")
                .params(batchId, indexer)
                .query((row, number) -> new DoneChunk(row.getInt("number"), row.getInt("csv_rows")))
                .list();
    }

    /** Removes a chunk, so that it is repeated. */
    public void undo(String batchId, String indexer, int number) {
        sql.sql("delete from chunk" + OF_CHUNK).params(batchId, indexer, number).update();
    }

    /**
     * A page of the failed URLs of a run, in the order of its people. In an abandoned batch, whose people were removed, the
     * person has no id.
     *
     * @param after the position of the last URL already read, or -1
     */
    @Transactional(readOnly = true)
    public List<FailedUrl> failed(String batchId, String indexer, int after, int limit) {
        return sql.sql("""
                        select f.position, f.chunk, coalesce(p.id, '') id, coalesce(p.name, '') name, p.fields,
                            f.url, f.reason, f.status, f.attempts
                        from failed_url f left join person p on p.batch_id = f.batch_id and p.position = f.position
                        where f.batch_id = ? and f.indexer = ? and f.position > ?
                        order by f.position limit ?""")
                .params(batchId, indexer, after, limit)
                .query(ChunkLedger::failedUrl)
                .list();
    }

    /** The reason that most failed URLs of a run have; empty if none failed. */
    @Transactional(readOnly = true)
    public Optional<FrequentReason> mostFrequentReason(String batchId, String indexer) {
        return sql.sql("select reason, count(*) urls, min(url) example from failed_url" + OF_RUN
                        + " group by reason order by urls desc, reason limit 1")
                .params(batchId, indexer)
                .query((row, number) ->
                        new FrequentReason(row.getString("reason"), row.getLong("urls"), row.getString("example")))
                .optional();
    }

    private static FailedUrl failedUrl(ResultSet row, int number) throws SQLException {
        Person person = PeopleTable.person(row);
        return new FailedUrl(
                row.getInt("position"),
                row.getInt("chunk"),
                new Failed(
                        new Call(person, row.getString("url")),
                        row.getString("reason"),
                        row.getObject("status", Integer.class),
                        row.getInt("attempts")));
    }

    /** A done chunk and the number of its CSV rows. */
    public record DoneChunk(int number, int rows) {}

    /** A reason, the number of URLs that failed for it, and one of them. */
    public record FrequentReason(String reason, long urls, String example) {}

    /** A failed URL of the person at a position in the batch. */
    public record FailedUrl(int position, int chunk, Failed failed) {}
}
