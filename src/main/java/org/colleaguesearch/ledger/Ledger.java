package org.colleaguesearch.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.colleaguesearch.indexing.Chunk;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The batches and runs in the ledger (schema: {@code db/migration}). Stateless and thread-safe. Each method is one
 * transaction, committed when the method returns. Writing requires the {@link Lease}.
 */
@Component
@Transactional
public class Ledger {
    static final String UNFINISHED = "state in ('not_started', 'running', 'paused')";

    /** Excludes exports, which are also batches: see {@link ExportLedger}. */
    private static final String OF_INDEXERS = "kind = 'indexing'";

    /** The claim of a chunk of the run is valid. */
    private static final String HAS_CLAIM =
            " and exists (select 1 from chunk where batch_id = run.batch_id and indexer ="
                    + " run.indexer and number = ? and claim = ?)";

    private final JdbcClient sql;

    Ledger(JdbcClient sql) {
        this.sql = sql;
    }

    /**
     * Records a new batch and its runs. Unfinished runs of the same indexers are abandoned.
     *
     * @param isFull whether it reads and delivers everything, changed or not
     * @param scheduled the time of the schedule that it is for; null for another trigger
     */
    public void open(
            String batchId,
            String startedBy,
            Instant began,
            List<String> indexers,
            int chunkSize,
            boolean isFull,
            Instant scheduled) {
        sql.sql("insert into batch (id, started_by, state, began, full_run, scheduled)"
                        + " values (?, ?, 'running', ?, ?, ?)")
                .params(batchId, startedBy, at(began), isFull, scheduled == null ? null : at(scheduled))
                .update();
        String superseded = "superseded by batch " + batchId;
        for (String indexer : indexers) {
            sql.sql("update run set state = 'abandoned', last_error = ?, ended = ? where indexer = ? and " + UNFINISHED)
                    .params(superseded, at(began), indexer)
                    .update();
            sql.sql("insert into run (batch_id, indexer, state, chunk_size) values (?, ?, 'not_started', ?)")
                    .params(batchId, indexer, chunkSize)
                    .update();
        }
        sql.sql("update batch set state = 'abandoned', ended = ?, last_error = ? where state = 'paused' and "
                        + OF_INDEXERS + " and not exists (select 1 from run where batch_id = batch.id and run."
                        + UNFINISHED + ")")
                .params(at(began), superseded)
                .update();
    }

    /** Whether a batch is for this time of the schedule, or for one within a day after it: clocks differ by less. */
    @Transactional(readOnly = true)
    public boolean isScheduled(Instant time) {
        return sql.sql("select count(*) from batch where scheduled >= ? and scheduled < ?")
                        .params(at(time), at(time.plus(1, ChronoUnit.DAYS)))
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Records that all people of a batch are listed. */
    public void listed(String batchId, int people) {
        sql.sql("update batch set people = ? where id = ?")
                .params(people, batchId)
                .update();
    }

    /**
     * Records that a run starts or resumes.
     *
     * @return false if the run has ended, since someone cancelled it
     */
    public boolean startRun(String batchId, String indexer, Instant now) {
        return sql.sql("update run set state = 'running', began = coalesce(began, ?), ended = null, last_error = null"
                                + " where batch_id = ? and indexer = ? and " + UNFINISHED)
                        .params(at(now), batchId, indexer)
                        .update()
                > 0;
    }

    /**
     * Records the end or pause of a run, with the error if it is not completed. A run that has ended is not changed.
     *
     * @return false if the run had already ended
     */
    public boolean endRun(String batchId, String indexer, State state, String error, Instant now) {
        return sql.sql("update run set state = ?, last_error = ?, ended = ? where batch_id = ? and indexer = ? and "
                                + UNFINISHED)
                        .params(state.text(), stored(error), at(now), batchId, indexer)
                        .update()
                > 0;
    }

    /**
     * Pauses or fails a run, one of whose chunks a node has taken and cannot deliver. Needs no lease: the keeper notices.
     *
     * @return false if the run was not under way, or another node has the chunk by now
     */
    @Transactional(label = Lease.ANY_NODE)
    public boolean stopRun(Chunk taken, State state, String error, Instant now) {
        return sql.sql("update run set state = ?, last_error = ?, ended = ? where batch_id = ? and indexer = ?"
                                + " and state = 'running'" + HAS_CLAIM)
                        .params(
                                state.text(),
                                stored(error),
                                at(now),
                                taken.batchId(),
                                taken.indexer(),
                                taken.number(),
                                taken.claim())
                        .update()
                > 0;
    }

    /**
     * Pauses a run, one of whose chunks a node has taken and cannot deliver now, if another node could not deliver that chunk
     * either, or there is no other.
     *
     * @return whether it did; otherwise the ledger remembers that this node could not
     */
    @Transactional(label = Lease.ANY_NODE)
    public boolean pauseIfStuck(Chunk taken, String node, String error, Instant now) {
        int paused = sql.sql(
                        "update run set state = 'paused', last_error = ?, ended = ? where batch_id = ? and indexer = ?"
                                + " and state = 'running'" + HAS_CLAIM + " and (not exists (" + NodeTable.ALIVE
                                + " and id <> ?) or exists (select 1 from chunk where batch_id = run.batch_id and indexer ="
                                + " run.indexer and number = ? and refused_by <> ?))")
                .params(
                        stored(error),
                        at(now),
                        taken.batchId(),
                        taken.indexer(),
                        taken.number(),
                        taken.claim(),
                        node,
                        taken.number(),
                        node)
                .update();
        sql.sql("update chunk set refused_by = ? where batch_id = ? and indexer = ? and number = ? and claim = ?")
                .params(node, taken.batchId(), taken.indexer(), taken.number(), taken.claim())
                .update();
        return paused > 0;
    }

    /**
     * Cancels a run unless it has ended, and its batch if it is paused and has no other unfinished run.
     *
     * @return false if the run had already ended
     */
    public boolean cancelRun(String batchId, String indexer, String why, Instant now) {
        boolean cancelled = endRun(batchId, indexer, State.CANCELLED, why, now);
        if (cancelled) {
            sql.sql("update batch set state = 'cancelled', ended = ?, last_error = ? where id = ? and state = 'paused'"
                            + " and not exists (select 1 from run where batch_id = batch.id and run." + UNFINISHED
                            + ")")
                    .params(at(now), stored(why), batchId)
                    .update();
        }
        return cancelled;
    }

    /**
     * Records the end or pause of a batch, with the error if it is not completed. If the batch ends, so do its unfinished
     * runs. A batch that has ended is not changed.
     */
    public void endBatch(String batchId, State state, String error, Instant now) {
        if (state.isFinal()) {
            sql.sql("update run set state = ?, last_error = ?, ended = ? where batch_id = ? and " + UNFINISHED)
                    .params(state.text(), stored(error), at(now), batchId)
                    .update();
        }
        sql.sql("update batch set state = ?, last_error = ?, ended = ? where id = ? and (state = ? or " + UNFINISHED
                        + ")")
                .params(state.text(), stored(error), at(now), batchId, state.text())
                .update();
    }

    /** Whether a batch of any kind has not ended. */
    @Transactional(readOnly = true)
    public boolean isUnfinished(String batchId) {
        return sql.sql("select count(*) from batch where id = ? and " + UNFINISHED)
                        .param(batchId)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** The unfinished batches of indexers, oldest first. */
    @Transactional(readOnly = true)
    public List<BatchEntry> unfinished() {
        return sql.sql("select id, state, people, began, last_error, full_run from batch where " + OF_INDEXERS + " and "
                        + UNFINISHED + " order by id")
                .query(Ledger::batch)
                .list();
    }

    /** A batch of indexers, in any state. */
    @Transactional(readOnly = true)
    public Optional<BatchEntry> batch(String batchId) {
        return sql.sql("select id, state, people, began, last_error, full_run from batch where id = ? and "
                        + OF_INDEXERS)
                .param(batchId)
                .query(Ledger::batch)
                .optional();
    }

    /** A run in any state. */
    @Transactional(readOnly = true)
    public Optional<RunEntry> run(String batchId, String indexer) {
        return runs(batchId).stream()
                .filter(run -> run.indexer().equals(indexer))
                .findFirst();
    }

    /** The counts of a run's done chunks. */
    @Transactional(readOnly = true)
    public Counts counts(String batchId, String indexer) {
        return run(batchId, indexer).orElseThrow().counts();
    }

    /** The runs of a batch, by indexer, without counts, which takes no time however many chunks they have. */
    @Transactional(readOnly = true)
    public List<RunEntry> uncounted(String batchId) {
        return sql.sql("select batch_id, indexer, state, chunk_size, last_error from run where batch_id = ?"
                        + " order by indexer")
                .param(batchId)
                .query((row, number) -> run(row, Counts.NONE))
                .list();
    }

    /** The runs of a batch, by indexer, with the counts of their done chunks. */
    @Transactional(readOnly = true)
    public List<RunEntry> runs(String batchId) {
        return runsWhere("r.batch_id = ?", batchId);
    }

    /** The newest run of each indexer, by indexer. */
    @Transactional(readOnly = true)
    public List<RunEntry> newestRuns() {
        return runsWhere("(r.batch_id, r.indexer) in (select max(batch_id), indexer from run group by indexer)");
    }

    /** The newest run of an indexer; empty if it has none. */
    @Transactional(readOnly = true)
    public Optional<RunEntry> newestRun(String indexer) {
        return runsWhere(
                        "r.indexer = ? and r.batch_id = (select max(batch_id) from run where indexer = ?)",
                        indexer,
                        indexer)
                .stream()
                .findFirst();
    }

    private List<RunEntry> runsWhere(String condition, Object... parameters) {
        return sql.sql("""
                        select * from counted_run r where %s order by r.indexer""".formatted(condition))
                .params(parameters)
                .query(Ledger::run)
                .list();
    }

    /** The newest batch of indexers; empty if there is none. */
    @Transactional(readOnly = true)
    public Optional<BatchEntry> newest() {
        return sql.sql("select id, state, people, began, last_error, full_run from batch where " + OF_INDEXERS
                        + " order by id desc limit 1")
                .query(Ledger::batch)
                .optional();
    }

    /**
     * The newest batch that the application started automatically, or that has at least this many indexers. Ignores batches
     * that someone started manually for a few indexers.
     */
    @Transactional(readOnly = true)
    public Optional<BatchEntry> newestOfAll(long indexers) {
        return sql.sql("select id, state, people, began, last_error, full_run from batch where " + OF_INDEXERS
                        + " and (started_by in ('schedule', 'start', '--once') or started_by like 'schedule (%'"
                        + " or (select count(*) from run where batch_id = batch.id) >= ?) order by id desc limit 1")
                .param(indexers)
                .query(Ledger::batch)
                .optional();
    }

    /** Whether a batch is the newest one of indexers. */
    @Transactional(readOnly = true)
    public boolean isNewest(String batchId) {
        return newest().map(BatchEntry::id).filter(batchId::equals).isPresent();
    }

    /** The ids of batches, including exports, that ended before a time. */
    @Transactional(readOnly = true)
    public List<String> endedBefore(Instant time) {
        return sql.sql("select id from batch where ended < ? and not " + UNFINISHED + " order by id")
                .param(at(time))
                .query(String.class)
                .list();
    }

    /** Removes a batch with all its data. */
    public void forget(String batchId) {
        sql.sql("delete from batch where id = ?").param(batchId).update();
    }

    private static BatchEntry batch(ResultSet row, int number) throws SQLException {
        return new BatchEntry(
                row.getString("id"),
                State.of(row.getString("state")),
                row.getObject("people", Integer.class),
                row.getObject("began", OffsetDateTime.class).toInstant(),
                row.getString("last_error"),
                row.getBoolean("full_run"));
    }

    static RunEntry run(ResultSet row, int number) throws SQLException {
        return run(row, Counts.of(row));
    }

    private static RunEntry run(ResultSet row, Counts counts) throws SQLException {
        return new RunEntry(
                row.getString("batch_id"),
                row.getString("indexer"),
                State.of(row.getString("state")),
                row.getInt("chunk_size"),
                counts,
                row.getString("last_error"));
    }

    static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** Removes NUL, which PostgreSQL does not accept in text. */
    static String stored(String text) {
        return text == null ? null : text.replace("\0", "");
    }
}
