package org.colleaguesearch.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /** Records which edition of the routes a run is done with. A chunk that a node does with another one is no longer its own. */
    public void beginEdition(String batchId, String indexer, String edition) {
        int changed = sql.sql("update run set edition = ?" + OF_RUN + " and edition is distinct from ?")
                .params(edition, batchId, indexer, edition)
                .update();
        if (changed > 0) {
            sql.sql("update chunk set claim = nextval('claim'), node = null" + OF_RUN
                            + " and done is null and node is not null")
                    .params(batchId, indexer)
                    .update();
        }
    }

    /** Whether a run that is under way began with an edition of the routes, or may yet turn out to. */
    @Transactional(readOnly = true)
    public boolean isInUse(String edition) {
        return sql.sql("select count(*) from run r join batch b on b.id = r.batch_id where b.state = 'running'"
                                + " and (r.edition = ? and r.state = 'running' or r.edition is null and r.indexer <> 'export'"
                                + " and r.state in ('running', 'not_started'))")
                        .param(edition)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** A number for {@link #take}, which no other claim has. */
    @Transactional(label = Lease.ANY_NODE)
    public long nextClaim() {
        return sql.sql("select nextval('claim')").query(Long.class).single();
    }

    /**
     * Takes a chunk of a run for a node of the cluster: whatever a node has done that took it before is not recorded any more.
     * Without the lease, since the chunk itself says who has it. May be repeated with the same claim if its success is
     * uncertain. Counts as an attempt, unless the node that had it is alive.
     *
     * @param edition that its run must have
     * @param isReturned whether the broker gives the chunk out again, since the node that had it is gone or cannot reach the
     *     broker; otherwise it stays with a node that is alive
     * @param attempts the most that it may have had; after more, it is for the keeper alone to try
     * @return false if the chunk is done, another node has it, or its run is not under way with these routes
     */
    @Transactional(label = Lease.ANY_NODE)
    public boolean take(Chunk chunk, String edition, String node, long claim, boolean isReturned, int attempts) {
        sql.sql("insert into chunk (batch_id, indexer, number, attempts) select batch_id, indexer, ?, 0 from run"
                        + OF_RUN + " and state = 'running' on conflict do nothing")
                .params(chunk.number(), chunk.batchId(), chunk.indexer())
                .update();
        return sql.sql("update chunk set attempts = attempts + case when claim = ? or node in (" + NodeTable.ALIVE
                                + ") then 0 else 1 end, claim = ?, node = ?" + OF_CHUNK
                                + " and done is null and (claim = ? or (attempts <= ? and (? or node is null or node not in ("
                                + NodeTable.ALIVE
                                + ")))) and exists (select 1 from run where batch_id = chunk.batch_id and indexer ="
                                + " chunk.indexer and state = 'running' and edition = ?)")
                        .params(
                                claim,
                                claim,
                                node,
                                chunk.batchId(),
                                chunk.indexer(),
                                chunk.number(),
                                claim,
                                attempts,
                                isReturned,
                                edition)
                        .update()
                > 0;
    }

    /** The claims of a node on chunks that are not done. */
    @Transactional(readOnly = true)
    public Set<Long> claims(String node) {
        return sql.sql("select claim from chunk where node = ? and done is null")
                .param(node)
                .query(Long.class)
                .set();
    }

    /** Frees a chunk that a node has no longer, whatever became of it there. */
    @Transactional(label = Lease.ANY_NODE)
    public void free(String node, long claim) {
        sql.sql("update chunk set node = null where node = ? and claim = ? and done is null")
                .params(node, claim)
                .update();
    }

    /** Whether a living node has a chunk of a run. */
    @Transactional(readOnly = true)
    public boolean isInFlight(String batchId, String indexer) {
        return sql.sql("select count(*) from chunk" + OF_RUN + " and done is null and node in (" + NodeTable.ALIVE
                                + ")")
                        .params(batchId, indexer)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /**
     * Checks that no other node has taken a chunk since this one took it.
     *
     * @throws ChunkTaken if one has
     */
    @Transactional(readOnly = true)
    public void check(Chunk taken) {
        if (claim(taken.batchId(), taken.indexer(), taken.number()) != taken.claim()) {
            throw new ChunkTaken(taken);
        }
    }

    /**
     * A number for the delivery of a chunk: whoever delivers it later has a greater one.
     *
     * @throws ChunkTaken if another node has taken the chunk
     */
    @Transactional(label = Lease.ANY_NODE)
    public long fence(Chunk taken) {
        // In this order: the number of a node that has lost the chunk must not be greater than its successor's.
        long fence = nextFence();
        check(taken);
        return fence;
    }

    /** The same for a chunk that the keeper delivers without having taken it: it needs the lease. */
    public long fence() {
        return nextFence();
    }

    /**
     * The time in ms, so that it grows even if the ledger is restored from an older copy, or made anew; or one more than the
     * last one, if the clock of the database was set back.
     */
    private long nextFence() {
        return sql.sql("select setval('fence', greatest(nextval('fence'),"
                        + " cast(extract(epoch from clock_timestamp()) * 1000 as bigint)))")
                .query(Long.class)
                .single();
    }

    /** Gives back a chunk that this node has taken, unless another has it by now. The attempt does not count. */
    @Transactional(label = Lease.ANY_NODE)
    public void giveBack(Chunk chunk) {
        sql.sql("update chunk set attempts = greatest(attempts - 1, 0), node = null" + OF_CHUNK
                        + " and claim = ? and done is null")
                .params(chunk.batchId(), chunk.indexer(), chunk.number(), chunk.claim())
                .update();
    }

    /** The numbers of a run's chunks that are not done and that no living node has, in order, out of {@code chunks}. */
    @Transactional(readOnly = true)
    public List<Integer> unclaimed(String batchId, String indexer, int chunks) {
        return sql.sql("select n from generate_series(1, ?) n where not exists (select 1 from chunk where batch_id = ?"
                        + " and indexer = ? and number = n and (done is not null or node in (" + NodeTable.ALIVE
                        + "))) order by n")
                .params(chunks, batchId, indexer)
                .query(Integer.class)
                .list();
    }

    /**
     * Records the start of a chunk.
     *
     * @return the number of attempts, including this one
     */
    public int begin(Chunk chunk) {
        int updated = sql.sql("update chunk set attempts = attempts + 1, claim = 0, node = null" + OF_CHUNK)
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

    /** The numbers of a run's unfinished chunks with this many attempts or more that no living node has, in order. */
    @Transactional(readOnly = true)
    public List<Integer> oftenBegun(String batchId, String indexer, int attempts) {
        return sql.sql("select number from chunk" + OF_RUN + " and done is null and attempts >= ?"
                        + " and (node is null or node not in (" + NodeTable.ALIVE + ")) order by number")
                .params(batchId, indexer, attempts)
                .query(Integer.class)
                .list();
    }

    /** Resets the attempts of a batch's unfinished chunks after a pause, since they did not crash the process. */
    public void forgive(String batchId) {
        sql.sql("update chunk set attempts = 0 where batch_id = ? and done is null and node is null")
                .param(batchId)
                .update();
    }

    /**
     * Records that a chunk is done, with its counts, failed URLs and held outcomes. May be repeated if its success is
     * uncertain.
     *
     * @throws ChunkTaken if another node has taken it since
     * @throws IllegalStateException if the chunk was never started
     */
    public void end(ChunkOutcomes outcomes, Counts counts, Instant now) {
        Chunk chunk = outcomes.chunk();
        int updated = sql.sql("update chunk set done = ?, urls = ?, documents = ?, csv_rows = ?, errors = ?, calls = ?,"
                        + " unchanged = ?, held = ?, node = null" + OF_CHUNK + " and claim = ?")
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
                        chunk.number(),
                        chunk.claim())
                .update();
        if (updated == 0 && chunk.claim() > 0) {
            throw new ChunkTaken(chunk);
        }
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
        return sql.sql("select number, claim, csv_rows from chunk" + OF_RUN + " and done is not null order by number")
                .params(batchId, indexer)
                .query((row, number) ->
                        new DoneChunk(row.getInt("number"), row.getLong("claim"), row.getInt("csv_rows")))
                .list();
    }

    /** The claim of the node that has done a chunk; 0 if a node without a cluster did, or nobody has. */
    @Transactional(readOnly = true)
    public long claim(String batchId, String indexer, int number) {
        return sql.sql("select claim from chunk" + OF_CHUNK)
                .params(batchId, indexer, number)
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    /** Forgets what became of a chunk, so that it is repeated. */
    public void undo(String batchId, String indexer, int number) {
        for (String table : List.of("failed_url", "held_section")) {
            sql.sql("delete from " + table + OF_RUN + " and chunk = ?")
                    .params(batchId, indexer, number)
                    .update();
        }
        sql.sql("update chunk set done = null, attempts = 0, urls = 0, documents = 0, csv_rows = 0, errors = 0,"
                        + " calls = 0, unchanged = 0, held = 0" + OF_CHUNK)
                .params(batchId, indexer, number)
                .update();
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

    /** A done chunk, the claim of the node that did it, and the number of its CSV rows. */
    public record DoneChunk(int number, long claim, int rows) {}

    /** A reason, the number of URLs that failed for it, and one of them. */
    public record FrequentReason(String reason, long urls, String example) {}

    /** A failed URL of the person at a position in the batch. */
    public record FailedUrl(int position, int chunk, Failed failed) {}
}
