package org.colleaguesearch.ledger;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What the ledger has of an indexer. Thread-safe. */
@Component
@Transactional
public class IndexerRows {
    /** The numbers of rows of an indexer. */
    public record Rows(long runs, long chunks, long failedUrls, long sections) {}

    private final JdbcClient sql;

    IndexerRows(JdbcClient sql) {
        this.sql = sql;
    }

    @Transactional(readOnly = true)
    public Rows count(String indexer) {
        return new Rows(
                count("run", indexer),
                count("chunk", indexer),
                count("failed_url", indexer),
                count("section", indexer));
    }

    private long count(String table, String indexer) {
        return sql.sql("select count(*) from " + table + " where indexer = ?")
                .param(indexer)
                .query(Long.class)
                .single();
    }

    /** The batch in which a run of the indexer has not ended, if there is one. */
    @Transactional(readOnly = true)
    public Optional<String> unfinished(String indexer) {
        return sql.sql("select batch_id from run where indexer = ? and " + Ledger.UNFINISHED
                        + " order by batch_id limit 1")
                .param(indexer)
                .query(String.class)
                .optional();
    }

    /** Deletes the rows, and the ended batches that have no other runs. */
    public void delete(String indexer) {
        // The database deletes chunks and failed URLs with their run.
        sql.sql("delete from run where indexer = ?").param(indexer).update();
        sql.sql("delete from batch where kind = 'indexing' and not " + Ledger.UNFINISHED
                        + " and not exists (select 1 from run where batch_id = batch.id)")
                .update();
    }
}
