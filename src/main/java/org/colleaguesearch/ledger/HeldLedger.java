package org.colleaguesearch.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.people.Person;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The outcomes of runs that are held, and the people who are to be removed, until someone releases or rejects them.
 * Stateless and thread-safe. Each method is one transaction. Writing requires the {@link Lease}.
 */
@Component
@Transactional
public class HeldLedger {
    private static final String OF_RUN = " where batch_id = ? and indexer = ?";

    private static final String HELD = """
            select h.position, h.chunk, h.url, h.items, p.id, p.name, p.fields
            from held_section h join person p on p.batch_id = h.batch_id and p.position = h.position
            where h.batch_id = ? and h.indexer = ?""";

    private final JdbcClient sql;
    private final JdbcTemplate many;

    HeldLedger(JdbcClient sql, JdbcTemplate many) {
        this.sql = sql;
        this.many = many;
    }

    /**
     * An outcome that would empty a section.
     *
     * @param position of the person in the batch
     * @param items the number of items that the section has
     */
    public record Held(int position, int chunk, Person person, String url, int items) {}

    @Transactional(readOnly = true)
    public long count(String batchId, String indexer) {
        return sql.sql("select count(*) from held_section" + OF_RUN)
                .params(batchId, indexer)
                .query(Long.class)
                .single();
    }

    /**
     * A page of the held outcomes of a run, in the order of its people.
     *
     * @param after the position of the last one already read, or -1
     */
    @Transactional(readOnly = true)
    public List<Held> read(String batchId, String indexer, int after, int limit) {
        return sql.sql(HELD + " and h.position > ? order by h.position limit ?")
                .params(batchId, indexer, after, limit)
                .query(HeldLedger::held)
                .list();
    }

    private static Held held(ResultSet row, int number) throws SQLException {
        return new Held(
                row.getInt("position"),
                row.getInt("chunk"),
                PeopleTable.person(row),
                row.getString("url"),
                row.getInt("items"));
    }

    /** The held outcomes of a chunk, in the order of its people. */
    @Transactional(readOnly = true)
    public List<Held> ofChunk(String batchId, String indexer, int chunk) {
        return sql.sql(HELD + " and h.chunk = ? order by h.position")
                .params(batchId, indexer, chunk)
                .query(HeldLedger::held)
                .list();
    }

    /**
     * Holds people who are to be removed, in place of those of earlier batches.
     *
     * @param people their ids
     */
    public void holdPeople(String batchId, List<String> people) {
        forgetPeople();
        many.batchUpdate(
                "insert into held_person (batch_id, position, person_id) values (?, ?, ?)",
                IntStream.range(0, people.size())
                        .mapToObj(i -> new Object[] {batchId, i, people.get(i)})
                        .toList());
    }

    @Transactional(readOnly = true)
    public long countPeople(String batchId) {
        return sql.sql("select count(*) from held_person where batch_id = ?")
                .param(batchId)
                .query(Long.class)
                .single();
    }

    /**
     * A page of the people who are held.
     *
     * @param after the position of the last one already read, or -1
     * @return the ids, by position
     */
    @Transactional(readOnly = true)
    public SortedMap<Integer, String> people(String batchId, int after, int limit) {
        SortedMap<Integer, String> people = new TreeMap<>();
        sql.sql("select position, person_id from held_person where batch_id = ? and position > ?"
                        + " order by position limit ?")
                .params(batchId, after, limit)
                .query(row -> {
                    people.put(row.getInt("position"), row.getString("person_id"));
                });
        return people;
    }

    /** Forgets all people who are held: they are removed, stay, or a newer list of people decides. */
    public void forgetPeople() {
        sql.sql("delete from held_person").update();
    }

    /** The batches with older runs of an indexer that hold outcomes. */
    @Transactional(readOnly = true)
    public List<String> before(String batchId, String indexer) {
        return sql.sql("select batch_id from run where indexer = ? and batch_id < ? and state = 'held'")
                .params(indexer, batchId)
                .query(String.class)
                .list();
    }

    /**
     * Drops the held outcomes of a run, whose sections stay as they are. The run no longer counts as one that has read
     * its bulk feed, so that the next one is told again what has been dropped.
     */
    public void reject(String batchId, String indexer) {
        sql.sql("delete from held_section" + OF_RUN).params(batchId, indexer).update();
        sql.sql("update chunk set held = 0" + OF_RUN + " and held > 0")
                .params(batchId, indexer)
                .update();
        sql.sql("update run set feed_definition = null" + OF_RUN)
                .params(batchId, indexer)
                .update();
        settle(batchId, indexer);
    }

    /** Records whether a completed run still holds outcomes. */
    public void settle(String batchId, String indexer) {
        sql.sql("update run set state = case when exists (select 1 from held_section h where h.batch_id = run.batch_id"
                        + " and h.indexer = run.indexer) then 'held' else 'completed' end"
                        + OF_RUN + " and state in ('held', 'completed')")
                .params(batchId, indexer)
                .update();
    }
}
