package org.colleaguesearch.ledger;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.KeptSection;
import org.colleaguesearch.indexing.Validators;
import org.colleaguesearch.people.Person;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What each section was last time, with its items. Stateless and thread-safe: an indexer runs once at a time, and each of
 * its chunks has other people, so no two threads write the same section. Each method is one transaction. Writing requires
 * the {@link Lease}.
 */
@Component
@Transactional
public class SectionLedger {
    /** Sections that one transaction deletes: H2 holds them in memory until the commit. */
    private static final int SLICE = 1_000;

    /** Characters of a text. H2 takes 1,048,576. */
    private static final int LONGEST = 1_000_000;

    /** An outer join, since H2 would otherwise read all sections of the indexer. */
    private static final String OF_PEOPLE = " from unnest(cast(? as varchar array)) asked(id) left join ";

    private static final TypeReference<List<Validators.Page>> PAGES = new TypeReference<>() {};

    private final JdbcClient sql;
    private final JdbcTemplate many;

    SectionLedger(JdbcClient sql, JdbcTemplate many) {
        this.sql = sql;
        this.many = many;
    }

    /**
     * SHA-256 of what a person's document has of a section.
     *
     * @param section as it was fetched, or as it is kept: both have the same hash
     */
    public static String hash(Person person, JsonNode section) {
        return hash(person, texts(section));
    }

    private static String hash(Person person, List<String> items) {
        // With lengths, so that the boundaries are unambiguous.
        StringBuilder text = new StringBuilder(person.name().length() + " " + person.name());
        items.forEach(
                item -> text.append('\n').append(item.length()).append(' ').append(item));
        return DigestUtils.sha256Hex(text.toString());
    }

    private static List<String> texts(JsonNode section) {
        List<String> texts = new ArrayList<>();
        // Read once more, since a number that an expression has calculated is written in another way than one that was
        // read.
        section.forEach(item -> texts.add(StoredJson.text(StoredJson.json(StoredJson.text(item)))));
        return texts;
    }

    /** The sections of some people, by the id of the person. */
    @Transactional(readOnly = true)
    public Map<String, KeptSection> find(String indexer, Collection<String> people) {
        Map<String, KeptSection> found = new HashMap<>();
        sql.sql("select s.person_id, s.items, s.hash, s.definition, s.validators, s.index_uuid, s.in_table"
                        + OF_PEOPLE
                        + "section s on s.indexer = ? and s.person_id = asked.id where s.person_id is not null")
                .param(people.toArray(String[]::new))
                .param(indexer)
                .query(row -> {
                    found.put(row.getString("person_id"), section(row));
                });
        return found;
    }

    private static KeptSection section(ResultSet row) throws SQLException {
        String validators = row.getString("validators");
        return new KeptSection(
                row.getInt("items"),
                row.getString("hash"),
                row.getString("definition"),
                validators == null ? null : new Validators(StoredJson.value(validators, PAGES)),
                row.getString("index_uuid"),
                row.getBoolean("in_table"));
    }

    /** The items of the sections of some people, a JSON list by the id of the person. */
    @Transactional(readOnly = true)
    public Map<String, JsonNode> items(String indexer, Collection<String> people) {
        Map<String, StringBuilder> found = new HashMap<>();
        sql.sql("select asked.id, c.content" + OF_PEOPLE
                        + "section_content c on c.indexer = ? and c.person_id = asked.id order by asked.id, c.part")
                .param(people.toArray(String[]::new))
                .param(indexer)
                .query(row -> {
                    String part = row.getString("content");
                    found.computeIfAbsent(row.getString("id"), id -> new StringBuilder())
                            .append(part == null ? "[]" : part);
                });
        return found.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        list -> StoredJson.json(list.getValue().toString())));
    }

    /** The number of sections of an indexer that have items. */
    @Transactional(readOnly = true)
    public long countWithItems(String indexer) {
        return sql.sql("select count(*) from section where indexer = ? and items > 0")
                .param(indexer)
                .query(Long.class)
                .single();
    }

    /** The number of people who have sections. */
    @Transactional(readOnly = true)
    public long countPeople() {
        return sql.sql("select count(distinct person_id) from section")
                .query(Long.class)
                .single();
    }

    /** The people who have sections and are not in the list of a batch. */
    @Transactional(readOnly = true)
    public List<String> departed(String batchId) {
        return sql.sql("select distinct s.person_id from section s where not exists"
                        + " (select 1 from person p where p.batch_id = ? and p.id = s.person_id)")
                .param(batchId)
                .query(String.class)
                .list();
    }

    /**
     * Where the sections of a chunk come from, and where they are.
     *
     * @param definition of the indexer
     * @param at when they were fetched
     * @param index the UUID of the index that has them; null for none
     * @param isInTable whether the table of items has them
     */
    public record Delivery(
            String batchId, String indexer, String definition, Instant at, String index, boolean isInTable) {}

    /**
     * Keeps the sections of a chunk. Repeatable.
     *
     * @param sections with their items; those that are held stay as they were
     */
    public void keep(Delivery delivery, List<Fetched> sections) {
        replace(delivery, sections.stream().filter(Fetched::isChanged).toList());
        // The content is the same, but not always what the API calls it.
        List<Object[]> known = sections.stream()
                .filter(fetched -> fetched.change() == Fetched.Change.UNCHANGED)
                .map(fetched -> new Object[] {
                    text(fetched.validators()),
                    delivery.definition(),
                    delivery.indexer(),
                    id(fetched),
                    text(fetched.validators()),
                    delivery.definition()
                })
                .toList();
        many.batchUpdate(
                "update section set validators = ?, definition = ? where indexer = ? and person_id = ?"
                        + " and (validators is distinct from ? or definition <> ?)",
                known);
    }

    private void replace(Delivery delivery, List<Fetched> sections) {
        String indexer = delivery.indexer();
        List<List<String>> items =
                sections.stream().map(fetched -> texts(fetched.section())).toList();
        List<Object[]> rows = IntStream.range(0, sections.size())
                .mapToObj(i -> new Object[] {
                    delivery.batchId(),
                    Ledger.at(delivery.at()),
                    items.get(i).size(),
                    hash(sections.get(i).call().person(), items.get(i)),
                    delivery.definition(),
                    text(sections.get(i).validators()),
                    delivery.index(),
                    delivery.isInTable(),
                    indexer,
                    id(sections.get(i))
                })
                .toList();
        int[] updated = many.batchUpdate(
                "update section set batch_id = ?, fetched = ?, items = ?, hash = ?, definition = ?, validators = ?,"
                        + " index_uuid = ?, in_table = ? where indexer = ? and person_id = ?",
                rows);
        many.batchUpdate(
                "insert into section (batch_id, fetched, items, hash, definition, validators, index_uuid, in_table,"
                        + " indexer, person_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                IntStream.range(0, rows.size())
                        .filter(i -> updated[i] == 0)
                        .mapToObj(rows::get)
                        .toList());
        List<Object[]> known = IntStream.range(0, rows.size())
                .filter(i -> updated[i] > 0)
                .mapToObj(i -> new Object[] {indexer, id(sections.get(i))})
                .toList();
        // The table of items also when it is not to be filled any more, so that it has no old ones.
        for (String table : List.of("section_content", "section_item")) {
            many.batchUpdate("delete from " + table + " where indexer = ? and person_id = ?", known);
        }
        List<List<String>> parts = items.stream().map(SectionLedger::parts).toList();
        insert("section_content (indexer, person_id, part, content)", indexer, sections, parts);
        if (delivery.isInTable()) {
            insert("section_item (indexer, person_id, position, item)", indexer, sections, items);
        }
    }

    /** The numbered texts of each section. */
    private void insert(String table, String indexer, List<Fetched> sections, List<List<String>> texts) {
        many.batchUpdate(
                "insert into " + table + " values (?, ?, ?, ?)",
                IntStream.range(0, sections.size())
                        .boxed()
                        .flatMap(i -> IntStream.range(0, texts.get(i).size()).mapToObj(number -> new Object[] {
                            indexer, id(sections.get(i)), number, texts.get(i).get(number)
                        }))
                        .toList());
    }

    private static List<String> parts(List<String> items) {
        List<String> parts = new ArrayList<>();
        String list = items.isEmpty() ? "" : "[" + String.join(",", items) + "]";
        for (int from = 0; from < list.length(); from += LONGEST) {
            parts.add(list.substring(from, Math.min(from + LONGEST, list.length())));
        }
        return parts;
    }

    private static String id(Fetched fetched) {
        return fetched.call().person().id();
    }

    private static String text(Validators validators) {
        return validators == null ? null : StoredJson.text(validators.pages());
    }

    /** Forgets the sections of people who have left. */
    public void forget(Collection<String> people) {
        List<String> all = List.copyOf(people);
        for (int from = 0; from < all.size(); from += SLICE) {
            sql.sql("delete from section where person_id = any(?)")
                    .param(all.subList(from, Math.min(from + SLICE, all.size())).toArray(String[]::new))
                    .update();
        }
    }

    /**
     * Forgets sections of an indexer, a part of them in each call.
     *
     * @return whether there are more
     */
    public boolean forget(String indexer) {
        return sql.sql("delete from section where indexer = ? and person_id in"
                                + " (select person_id from section where indexer = ? order by person_id limit ?)")
                        .params(indexer, indexer, SLICE)
                        .update()
                > 0;
    }
}
