package org.colleaguesearch.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * From when on each run has read its bulk feed. Stateless and thread-safe. Each method is one transaction. Writing requires
 * the {@link Lease}.
 */
@Component
@Transactional
public class FeedReadings {
    /** Failed URLs, and outcomes that are held, may have had changes that a later run would not be told again. */
    private static final String GOOD =
            "select max(began) as began_last from counted_run where indexer = ? and feed_definition = ?"
                    + " and state = 'completed' and errors = 0";

    private final JdbcClient sql;

    FeedReadings(JdbcClient sql) {
        this.sql = sql;
    }

    /**
     * How a run reads its feed.
     *
     * @param definition of how the indexer reads it: SHA-256 in hexadecimal
     * @param since null for everything
     */
    public record Reading(String definition, Instant since) {}

    /** That of a run; empty before it begins. */
    @Transactional(readOnly = true)
    public Optional<Reading> find(String batchId, String indexer) {
        return sql.sql("select feed_definition, feed_since from run where batch_id = ? and indexer = ?"
                        + " and feed_definition is not null")
                .params(batchId, indexer)
                .query((row, number) -> new Reading(row.getString("feed_definition"), instant(row, "feed_since")))
                .optional();
    }

    /** Records how a run reads its feed. */
    public void begin(String batchId, String indexer, Reading reading) {
        sql.sql("update run set feed_definition = ?, feed_since = ? where batch_id = ? and indexer = ?")
                .params(
                        reading.definition(),
                        reading.since() == null ? null : Ledger.at(reading.since()),
                        batchId,
                        indexer)
                .update();
    }

    /** The start of the last run without errors that has read the same feed. */
    @Transactional(readOnly = true)
    public Optional<Instant> last(String indexer, String definition) {
        return began(GOOD, indexer, definition);
    }

    /** The start of the last such run that has read everything. */
    @Transactional(readOnly = true)
    public Optional<Instant> lastFull(String indexer, String definition) {
        return began(GOOD + " and feed_since is null", indexer, definition);
    }

    private Optional<Instant> began(String query, String indexer, String definition) {
        return sql.sql(query)
                .params(indexer, definition)
                .query((row, number) -> Optional.ofNullable(instant(row, "began_last")))
                .single();
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
