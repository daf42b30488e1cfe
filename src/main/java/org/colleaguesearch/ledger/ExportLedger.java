package org.colleaguesearch.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.people.Person;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The exports in the ledger. An export is a batch with one run and with URLs instead of people; its chunks and failed URLs
 * are stored like those of other runs. Stateless and thread-safe. Each method is one transaction, committed when the
 * method returns. Writing requires the {@link Lease}.
 */
@Component
@Transactional
public class ExportLedger {
    /** Rows per statement. */
    private static final int SLICE = 1_000;

    private final JdbcClient sql;
    private final PeopleTable people;

    ExportLedger(JdbcClient sql, PeopleTable people) {
        this.sql = sql;
        this.people = people;
    }

    /**
     * Records a new export with its URLs, in one transaction.
     *
     * @param columns of its CSV file as a JSON array of strings, or null
     * @throws org.springframework.dao.DuplicateKeyException if the caller already has a job with that id
     */
    public void accept(
            String batchId,
            Instant accepted,
            String caller,
            String jobId,
            String digest,
            String columns,
            List<String> urls,
            int chunkSize) {
        sql.sql(
                        "insert into batch (id, kind, started_by, state, people, began) values (?, 'export', ?, 'running', ?, ?)")
                .params(batchId, caller, urls.size(), Ledger.at(accepted))
                .update();
        sql.sql("insert into export (batch_id, caller, job_id, digest, csv_columns) values (?, ?, ?, ?, ?)")
                .params(batchId, caller, jobId, digest, columns)
                .update();
        sql.sql("insert into run (batch_id, indexer, state, chunk_size) values (?, ?, 'not_started', ?)")
                .params(batchId, Indexer.EXPORT, chunkSize)
                .update();
        for (int from = 0; from < urls.size(); from += SLICE) {
            // A URL may occur several times, so its position is its id.
            people.add(
                    batchId,
                    from,
                    IntStream.range(from, Math.min(from + SLICE, urls.size()))
                            .mapToObj(position -> new Person(Integer.toString(position), urls.get(position)))
                            .toList());
        }
    }

    /** The job of a caller, by id. Jobs of other callers are invisible. */
    @Transactional(readOnly = true)
    public Optional<ExportEntry> find(String caller, String jobId) {
        return where("e.caller = ? and e.job_id = ?", caller, jobId).stream().findFirst();
    }

    /** The exports to be started, resumed or closed, oldest first. */
    @Transactional(readOnly = true)
    public List<ExportEntry> unfinished() {
        return where("b." + Ledger.UNFINISHED);
    }

    /** The API key that created an export; empty if there is no such export. */
    @Transactional(readOnly = true)
    public Optional<String> caller(String batchId) {
        return sql.sql("select caller from export where batch_id = ?")
                .param(batchId)
                .query(String.class)
                .optional();
    }

    /** The batch ids of all exports of an API key. */
    @Transactional(readOnly = true)
    public List<String> batches(String caller) {
        return sql.sql("select batch_id from export where caller = ?")
                .param(caller)
                .query(String.class)
                .list();
    }

    /** The ids of an API key's completed jobs with the most rows. */
    @Transactional(readOnly = true)
    public List<String> largest(String caller, int limit) {
        return sql.sql("""
                        select e.job_id from export e
                            join run r on r.batch_id = e.batch_id and r.state = 'completed'
                            join chunk c on c.batch_id = e.batch_id
                        where e.caller = ?
                        group by e.batch_id, e.job_id order by sum(c.csv_rows) desc, e.batch_id limit ?""").params(caller, limit).query(String.class).list();
    }

    /** The number of unfinished exports of a caller, or of all callers for null. */
    @Transactional(readOnly = true)
    public int countUnfinished(String caller) {
        return sql.sql("select count(*) from export e join run r on r.batch_id = e.batch_id where r."
                        + Ledger.UNFINISHED + (caller == null ? "" : " and e.caller = ?"))
                .params(caller == null ? List.of() : List.of(caller))
                .query(Integer.class)
                .single();
    }

    private List<ExportEntry> where(String condition, Object... parameters) {
        return sql.sql("""
                        select e.batch_id, e.caller, e.job_id, e.digest, b.people, b.began, r.state, r.ended, r.last_error,
                            r.urls, r.documents, r.csv_rows, r.errors, r.calls, r.unchanged, r.held
                        from export e join batch b on b.id = e.batch_id join counted_run r on r.batch_id = e.batch_id
                        where %s
                        order by e.batch_id""".formatted(condition))
                .params(parameters)
                .query(ExportLedger::entry)
                .list();
    }

    private static ExportEntry entry(ResultSet row, int number) throws SQLException {
        OffsetDateTime ended = row.getObject("ended", OffsetDateTime.class);
        return new ExportEntry(
                row.getString("batch_id"),
                row.getString("caller"),
                row.getString("job_id"),
                row.getString("digest"),
                State.of(row.getString("state")),
                row.getInt("people"),
                Counts.of(row),
                row.getObject("began", OffsetDateTime.class).toInstant(),
                ended == null ? null : ended.toInstant(),
                row.getString("last_error"));
    }

    /** The requested columns of an export as a JSON array of strings; empty if none were requested. */
    @Transactional(readOnly = true)
    public Optional<String> columns(String batchId) {
        return sql.sql("select csv_columns from export where batch_id = ? and csv_columns is not null")
                .param(batchId)
                .query(String.class)
                .optional();
    }
}
