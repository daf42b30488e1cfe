package org.colleaguesearch.people;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.colleaguesearch.demo.MadeUp;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The people of batches, in the ledger's table {@code person}. Stateless; any thread may use it. */
@Component
public class PeopleTable {
    /**
     * Rows that one transaction deletes: H2 holds them in memory until the commit. Also the ids per statement, within
     * the limits of H2's arrays and PostgreSQL's parameters.
     */
    private static final int SLICE = 1_000;

    /**
     * A subquery for each id, because H2 reads all people of the batch for {@code id in (...)}, and also for a join while
     * they are few. The sum stops it from using the index on position, which has the same effect.
     */
    private static final String KNOWN = "select asked.id from unnest(cast(? as varchar array)) asked(id) where exists"
            + " (select 1 from person p where p.batch_id = ? and p.id = asked.id and p.position + 0 < ?)";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final JdbcClient sql;
    private final JdbcTemplate many;
    private final TransactionTemplate transactions;

    PeopleTable(JdbcClient sql, JdbcTemplate many, TransactionTemplate transactions) {
        this.sql = sql;
        this.many = many;
        this.transactions = transactions;
    }

    /**
     * Returns the list of a batch.
     *
     * @param size the number of people already in it
     */
    public PeopleList list(String batchId, int size) {
        return new PeopleList(this, batchId, size);
    }

    /** The given ids that the batch has. */
    public Set<String> known(String batchId, Collection<String> ids) {
        return known(batchId, ids, Integer.MAX_VALUE);
    }

    /** The given ids that are among the first {@code first} people of the batch. */
    Set<String> known(String batchId, Collection<String> ids, int first) {
        List<String> all = List.copyOf(ids);
        Set<String> known = new HashSet<>();
        for (int from = 0; from < all.size(); from += SLICE) {
            String[] slice =
                    all.subList(from, Math.min(from + SLICE, all.size())).toArray(String[]::new);
            known.addAll(sql.sql(KNOWN)
                    .param(slice)
                    .param(batchId)
                    .param(first)
                    .query(String.class)
                    .list());
        }
        return known;
    }

    /** Whether a batch has people and all of them are made up. */
    public boolean areMadeUp(String batchId) {
        return sql.sql("select count(*) > 0 and count(*) = count(case when id like ? then 1 end) from person"
                        + " where batch_id = ?")
                .params(MadeUp.PREFIX + "%", batchId)
                .query(Boolean.class)
                .single();
    }

    /**
     * Adds people after the first {@code first} of the batch, all or none, and replaces any later ones. It can
     * therefore be repeated when its result is unknown.
     */
    @Transactional
    public void add(String batchId, int first, List<Person> people) {
        sql.sql("delete from person where batch_id = ? and position >= ?")
                .params(batchId, first)
                .update();
        many.batchUpdate(
                "insert into person (batch_id, position, id, name, fields) values (?, ?, ?, ?, ?)",
                IntStream.range(0, people.size())
                        .mapToObj(i -> new Object[] {
                            batchId,
                            first + i,
                            people.get(i).id(),
                            people.get(i).name(),
                            text(people.get(i).fields())
                        })
                        .toList());
    }

    List<Person> read(String batchId, int first, int count) {
        return sql.sql("select id, name, fields from person where batch_id = ? and position >= ? and position < ?"
                        + " order by position")
                .params(batchId, first, first + count)
                .query((row, number) -> person(row))
                .list();
    }

    /** The person in the columns {@code id}, {@code name} and {@code fields} of a row. */
    public static Person person(ResultSet row) throws SQLException {
        String fields = row.getString("fields");
        try {
            return new Person(
                    row.getString("id"),
                    row.getString("name"),
                    fields == null ? Map.of() : JSON.readValue(fields, TEXTS));
        } catch (JsonProcessingException e) {
            throw new SQLException("the ledger has an unreadable person", e);
        }
    }

    /** A JSON object; null without fields. */
    private static String text(Map<String, String> fields) {
        try {
            return fields.isEmpty() ? null : JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can always be written", e);
        }
    }

    /** Deletes the people of a batch, starting with the last ones. */
    public void delete(String batchId) {
        Integer last = sql.sql("select max(position) from person where batch_id = ?")
                .param(batchId)
                .query(Integer.class)
                .optional()
                .orElse(null);
        for (int from = last == null ? -1 : last - last % SLICE; from >= 0; from -= SLICE) {
            int first = from;
            transactions.executeWithoutResult(
                    slice -> sql.sql("delete from person where batch_id = ? and position >= ?")
                            .params(batchId, first)
                            .update());
        }
    }
}
