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

/** The runs of indexers in the ledger, for those who want to know of them. Only reads; any thread may use it. */
@Component
@Transactional(readOnly = true)
public class History {
    private final JdbcClient sql;

    History(JdbcClient sql) {
        this.sql = sql;
    }

    /**
     * A run with all that is known of it.
     *
     * @param startedBy what started its batch
     * @param people their number, or null while they are not all listed
     * @param began null while it has not begun
     * @param ended null while it has not ended
     */
    public record Entry(RunEntry run, String startedBy, Integer people, Instant began, Instant ended) {}

    /** Which runs are asked for: those of an indexer, of a batch, in a state; null for any. */
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
            // Exports have runs, too.
            return Stream.concat(
                            Stream.of("indexer <> '" + Indexer.EXPORT + "'"),
                            columns().keySet().stream().map(column -> column + " = ?"))
                    .collect(Collectors.joining(" and "));
        }

        private List<Object> parameters() {
            return List.copyOf(columns().values());
        }
    }

    /** How many runs there are. */
    public long count(Filter filter) {
        return sql.sql("select count(*) from run where " + filter.condition())
                .params(filter.parameters())
                .query(Long.class)
                .single();
    }

    /**
     * Some of the runs, those of the newest batch first, and those of a batch by indexer.
     *
     * @param skip how many come before them
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
