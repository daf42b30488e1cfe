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
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.KeptSection;
import org.colleaguesearch.indexing.KeptSections;
import org.colleaguesearch.indexing.Validators;
import org.colleaguesearch.people.Person;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What each section was last time, with its items. Stateless and thread-safe: an indexer runs once at a time, and each of
 * its chunks has other people, so no two threads write the same section. Each method is one transaction. Writing requires
 * the {@link Lease}, except where nothing but knowledge is lost.
 */
@Component
@Transactional
public class SectionLedger {
    /** Sections that one transaction deletes: H2 holds them in memory until the commit. */
    private static final int SLICE = 1_000;

    /** Characters of a text. H2 takes 1,048,576. */
    private static final int LONGEST = 1_000_000;

    /** As JSON has it. */
    private static final String NUL = "\\u0000";

    private static final Pattern AFTER_BACKSLASHES = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

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
        section.forEach(item -> texts.add(text(item)));
        return texts;
    }

    /** Read once more if it has fractions: those that an expression has calculated are written in another way. */
    private static String text(JsonNode item) {
        String text = StoredJson.text(item);
        return hasFractions(item) ? StoredJson.text(StoredJson.json(text)) : text;
    }

    private static boolean hasFractions(JsonNode value) {
        if (value.isContainerNode()) {
            for (JsonNode part : value) {
                if (hasFractions(part)) {
                    return true;
                }
            }
        }
        return value.isFloatingPointNumber();
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
     * @param at when they were delivered, shortly after they were fetched
     * @param index the UUID of the index that has them; null for none
     * @param isInTable whether the table of items has them
     */
    public record Delivery(
            String batchId, String indexer, String definition, Instant at, String index, boolean isInTable) {}

    /**
     * A section as it is kept.
     *
     * @param items each as JSON; null unless it is delivered
     * @param hash of the items; null unless it is delivered
     * @param last what it was last time; null if that is unknown
     */
    public record Written(Fetched fetched, List<String> items, String hash, KeptSection last) {
        /** Whether it is kept already, and only where it is delivered to has changed. */
        boolean isKept(Delivery delivery) {
            return last != null && last.hash().equals(hash) && last.isInTable() == delivery.isInTable();
        }
    }

    /**
     * Writes sections as they are kept: before the transaction, which a database ends when it waits for too long.
     *
     * @param sections with their items
     * @param last what they were last time
     */
    public static List<Written> written(Stream<Fetched> sections, KeptSections last) {
        return sections.map(fetched ->
                        written(fetched, last.of(fetched.call().person()).orElse(null)))
                .toList();
    }

    private static Written written(Fetched fetched, KeptSection last) {
        if (!fetched.isChanged()) {
            return new Written(fetched, null, null, last);
        }
        List<String> items = texts(fetched.section());
        return new Written(fetched, items, hash(fetched.call().person(), items), last);
    }

    /** Keeps the sections of a chunk; those that are held stay as they were. Repeatable. */
    public void keep(Delivery delivery, List<Written> sections) {
        replace(
                delivery,
                sections.stream()
                        .filter(section -> section.fetched().isChanged())
                        .toList());
        // The content is the same, but not always what the API calls it.
        many.batchUpdate(
                "update section set validators = ?, definition = ? where indexer = ? and person_id = ?"
                        + " and (validators is distinct from ? or definition <> ?)",
                sections.stream()
                        .filter(section -> section.fetched().change() == Fetched.Change.UNCHANGED)
                        .map(section -> new Object[] {
                            versions(section),
                            delivery.definition(),
                            delivery.indexer(),
                            id(section),
                            versions(section),
                            delivery.definition()
                        })
                        .toList());
    }

    /** Records that the index may have other versions of some sections, until they are kept the next time. */
    @Transactional(label = Lease.ANY_NODE)
    public void forgetIndex(String indexer, Collection<String> people) {
        update("index_uuid = null", indexer, people);
    }

    /** Forgets how the API named the versions of some sections, which are then read in full. */
    @Transactional(label = Lease.ANY_NODE)
    public void forgetVersions(String indexer, Collection<String> people) {
        update("validators = null", indexer, people);
    }

    private void update(String assignment, String indexer, Collection<String> people) {
        // Person by person: H2 would read all sections of the indexer to find several.
        many.batchUpdate(
                "update section set " + assignment + " where indexer = ? and person_id = ?",
                people.stream().map(id -> new Object[] {indexer, id}).toList());
    }

    private void replace(Delivery delivery, List<Written> sections) {
        String indexer = delivery.indexer();
        List<Object[]> rows = sections.stream()
                .map(section -> new Object[] {
                    delivery.batchId(),
                    Ledger.at(delivery.at()),
                    section.items().size(),
                    section.hash(),
                    delivery.definition(),
                    versions(section),
                    delivery.index(),
                    delivery.isInTable(),
                    indexer,
                    id(section)
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
        // A section that someone has forgotten meanwhile has lost its items, too.
        List<Written> changed = IntStream.range(0, rows.size())
                .filter(i -> updated[i] == 0 || !sections.get(i).isKept(delivery))
                .mapToObj(sections::get)
                .toList();
        List<Written> replaced = IntStream.range(0, rows.size())
                .filter(i -> updated[i] > 0 && !sections.get(i).isKept(delivery))
                .mapToObj(sections::get)
                .toList();
        delete("section_content", indexer, replaced.stream());
        // Also when the table of items is not to be filled any more, so that it has no old ones.
        delete(
                "section_item",
                indexer,
                replaced.stream()
                        .filter(section ->
                                section.last() == null || section.last().isInTable()));
        insert(
                "section_content (indexer, person_id, part, content)",
                indexer,
                changed,
                section -> parts(section.items()));
        if (delivery.isInTable()) {
            insert("section_item (indexer, person_id, position, item)", indexer, changed, SectionLedger::shown);
        }
    }

    private void delete(String table, String indexer, Stream<Written> sections) {
        many.batchUpdate(
                "delete from " + table + " where indexer = ? and person_id = ?",
                sections.map(section -> new Object[] {indexer, id(section)}).toList());
    }

    /** The numbered texts of each section. */
    private void insert(String table, String indexer, List<Written> sections, Function<Written, List<String>> texts) {
        List<Object[]> rows = new ArrayList<>();
        for (Written section : sections) {
            int number = 0;
            for (String text : texts.apply(section)) {
                rows.add(new Object[] {indexer, id(section), number++, text});
            }
        }
        many.batchUpdate("insert into " + table + " values (?, ?, ?, ?)", rows);
    }

    /** Its items without NUL, which PostgreSQL cannot take from JSON. */
    private static List<String> shown(Written section) {
        return section.items().stream()
                .map(item ->
                        item.contains(NUL) ? AFTER_BACKSLASHES.matcher(item).replaceAll("$1") : item)
                .toList();
    }

    private static List<String> parts(List<String> items) {
        List<String> parts = new ArrayList<>();
        String list = items.isEmpty() ? "" : "[" + String.join(",", items) + "]";
        for (int from = 0; from < list.length(); from += LONGEST) {
            parts.add(list.substring(from, Math.min(from + LONGEST, list.length())));
        }
        return parts;
    }

    private static String id(Written section) {
        return section.fetched().call().person().id();
    }

    /** Null if the API names no version, or so many that they cannot be kept. */
    private static String versions(Written section) {
        Validators validators = section.fetched().validators();
        String text = validators == null ? null : StoredJson.text(validators.pages());
        return text == null || text.length() > LONGEST ? null : text;
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
