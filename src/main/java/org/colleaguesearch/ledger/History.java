package org.colleaguesearch.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.Indexer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Queries the runs of indexers in the ledger. Read-only and thread-safe. */
@Component
@Transactional(readOnly = true)
public class History {
    private final JdbcClient sql;

    History(JdbcClient sql) {
        this.sql = sql;
    }

    /**
     * A run with all its data.
     *
     * @param startedBy what started its batch
     * @param people the number of people, or null until all are listed
     * @param began null until it starts
     * @param ended null until it ends
     */
    public record Entry(RunEntry run, String startedBy, Integer people, Instant began, Instant ended) {}

    /** Selects runs by indexer, batch and state; null matches any. */
    public record Filter(String indexer, String batchId, State state) {
        private Map<String, Object> columns() {
            Map<String, Object> columns = new LinkedHashMap<>();
            columns.put("indexer", indexer);
            columns.put("batch_id", batchId);
            columns.put("state", state == null ? null : state.text());
            columns.values().removeIf(Objects::isNull);
            return columns;
        }

        private String condition() {
            // Exports also have runs.
            return Stream.concat(
                            Stream.of("indexer <> '" + Indexer.EXPORT + "'"),
                            columns().keySet().stream().map(column -> column + " = ?"))
                    .collect(Collectors.joining(" and "));
        }

        private List<Object> parameters() {
            return List.copyOf(columns().values());
        }
    }

    /** The number of matching runs. */
    public long count(Filter filter) {
        return sql.sql("select count(*) from run where " + filter.condition())
                .params(filter.parameters())
                .query(Long.class)
                .single();
    }

    /**
     * A page of the matching runs: newest batch first, then by indexer.
     *
     * @param skip the number of runs before the page
     */
    public List<Entry> runs(Filter filter, long skip, int limit) {
        List<Object> parameters = new ArrayList<>(filter.parameters());
        parameters.add(limit);
        parameters.add(skip);
        return sql.sql("""
                        select b.started_by, b.people, r.*
                        from (select batch_id, indexer from run where %s
                            order by batch_id desc, indexer limit ? offset ?) page
                        join counted_run r on r.batch_id = page.batch_id and r.indexer = page.indexer
                        join batch b on b.id = r.batch_id
                        order by r.batch_id desc, r.indexer""".formatted(filter.condition()))
                .params(parameters)
                .query(History::entry)
                .list();
    }

    /** A run. */
    public Optional<Entry> run(String batchId, String indexer) {
        return runs(new Filter(indexer, batchId, null), 0, 1).stream().findFirst();
    }

    /** The newest run of an indexer. */
    public Optional<Entry> newest(String indexer) {
        return runs(new Filter(indexer, null, null), 0, 1).stream().findFirst();
    }

    private static Entry entry(ResultSet row, int number) throws SQLException {
        return new Entry(
                Ledger.run(row, number),
                row.getString("started_by"),
                row.getObject("people", Integer.class),
                instant(row, "began"),
                instant(row, "ended"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
