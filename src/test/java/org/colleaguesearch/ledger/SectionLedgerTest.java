package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Fetched.Change;
import org.colleaguesearch.indexing.KeptSection;
import org.colleaguesearch.indexing.KeptSections;
import org.colleaguesearch.indexing.Validators;
import org.colleaguesearch.ledger.SectionLedger.Delivery;
import org.colleaguesearch.people.Person;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SectionLedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");

    @RegisterExtension
    final TestLedger database = database();

    private final SectionLedger sections = database.sections();

    TestLedger database() {
        return TestLedger.h2();
    }

    @Test
    void keepsSectionsWithTheirItemsAndValidators() {
        Validators validators = new Validators(List.of(
                new Validators.Page("https://a/1", "W/\"x\"", null), new Validators.Page("https://a/2", null, "Mon")));
        keep(
                true,
                fetched("ada", "[{\"n\":1.10},{\"n\":1E+2,\"t\":\"ü\"}]", Change.CHANGED, validators),
                fetched("bob", "[]"));

        Map<String, KeptSection> found = sections.find("patents", List.of("bob", "zoë", "ada"));

        assertThat(found).containsOnlyKeys("ada", "bob");
        assertThat(found.get("ada"))
                .isEqualTo(new KeptSection(
                        2,
                        SectionLedger.hash(person("ada"), json("[{\"n\":1.10},{\"n\":1E+2,\"t\":\"ü\"}]")),
                        "d",
                        validators,
                        "i",
                        true));
        assertThat(found.get("bob").items()).isZero();
        assertThat(sections.items("patents", List.of("ada", "bob")).get("ada"))
                .isEqualTo(json("[{\"n\":1.10},{\"n\":1E+2,\"t\":\"ü\"}]"));
        assertThat(sections.find("functions", List.of("ada"))).isEmpty();
        assertThat(sections.countWithItems("patents")).isOne();
    }

    /** As it is fetched and as it is kept: a computed number is another class of Java. */
    @Test
    void hashOfKeptItemsIsThatOfTheFetchedOnes() {
        JsonNode computed = JsonNodeFactory.instance
                .arrayNode()
                .add(JsonNodeFactory.instance.objectNode().put("a", 0.1 + 0.2).put("b", 1.0E10));
        keep(false, new Fetched(call("ada"), computed, 200, 1));

        JsonNode kept = sections.items("patents", List.of("ada")).get("ada");

        assertThat(SectionLedger.hash(person("ada"), kept)).isEqualTo(SectionLedger.hash(person("ada"), computed));
    }

    @Test
    void keepsSectionsOfAnySize() {
        String large = "[{\"a\":\"%s\"},{\"b\":\"%s\"}]".formatted("x".repeat(1_200_000), "y".repeat(900_000));
        keep(true, fetched("ada", large), fetched("bob", "[{\"b\":1}]"));

        assertThat(sections.items("patents", List.of("bob", "ada", "cy")))
                .containsOnly(
                        Map.entry("ada", json(large)),
                        Map.entry("bob", json("[{\"b\":1}]")),
                        Map.entry("cy", json("[]")));
    }

    @Test
    void hashTellsPeopleAndItemsApart() {
        assertThat(List.of(
                        SectionLedger.hash(person("ada"), json("[{\"a\":1}]")),
                        SectionLedger.hash(new Person("ada", "Other"), json("[{\"a\":1}]")),
                        SectionLedger.hash(person("ada"), json("[{\"a\":1.0}]")),
                        SectionLedger.hash(person("ada"), json("[{\"a\":1},{}]")),
                        SectionLedger.hash(person("ada"), json("[]"))))
                .doesNotHaveDuplicates();
    }

    /** PostgreSQL cannot take it from JSON, so one item with it would fail a whole query. */
    @Test
    void itemsInTheTableHaveNoNul() {
        keep(true, fetched("ada", "[{\"a\":\"1\\u0000\\u00002\\\\u0000\\\\\\u0000\"}]"));

        assertThat(items()).containsExactly("ada {\"a\":\"12\\\\u0000\\\\\"}");
        assertThat(sections.items("patents", List.of("ada"))
                        .get("ada")
                        .at("/0/a")
                        .asText())
                .isEqualTo("1\0\0002\\u0000\\\0");
    }

    @Test
    void tableFollowsTheDeliveryOfUnchangedItems() {
        keep(false, fetched("ada", "[{\"a\":1}]"));
        assertThat(items()).isEmpty();

        keep(true, fetched("ada", "[{\"a\":1}]"));
        keep(true, fetched("ada", "[{\"a\":1}]"));
        assertThat(items()).containsExactly("ada {\"a\":1}");

        keep(false, fetched("ada", "[{\"a\":1}]"));
        assertThat(items()).isEmpty();
        assertThat(sections.items("patents", List.of("ada")).get("ada")).isEqualTo(json("[{\"a\":1}]"));
    }

    @Test
    void itemsOfASectionThatIsForgottenMeanwhileAreKeptAgain() {
        keep(true, fetched("ada", "[{\"a\":1}]"));
        KeptSections last = last();
        sections.forget(List.of("ada"));

        sections.keep(
                new Delivery("b1", "patents", "d", NOW, "i", true),
                SectionLedger.written(Stream.of(fetched("ada", "[{\"a\":1}]")), last));

        assertThat(sections.items("patents", List.of("ada")).get("ada")).isEqualTo(json("[{\"a\":1}]"));
        assertThat(items()).containsExactly("ada {\"a\":1}");
    }

    @Test
    void replacesOnlyWhatHasChanged() {
        keep(
                true,
                fetched("ada", "[{\"a\":1},{\"a\":2}]"),
                fetched("bob", "[{\"b\":1}]"),
                fetched("cy", "[{\"c\":1}]"));
        KeptSection before = sections.find("patents", List.of("cy")).get("cy");

        sections.keep(
                new Delivery("b2", "patents", "d", NOW.plusSeconds(9), "i", true),
                SectionLedger.written(
                        Stream.of(
                                fetched("ada", "[{\"a\":3}]"),
                                fetched(
                                        "bob",
                                        "[{\"b\":1}]",
                                        Change.UNCHANGED,
                                        new Validators(List.of(new Validators.Page("u", "e", null)))),
                                fetched("cy", "[{\"c\":9}]", Change.NOT_MODIFIED, null)),
                        last()));

        assertThat(sections.items("patents", List.of("ada")).get("ada")).isEqualTo(json("[{\"a\":3}]"));
        assertThat(sections.find("patents", List.of("bob"))
                        .get("bob")
                        .validators()
                        .pages())
                .extracting(Validators.Page::etag)
                .containsExactly("e");
        assertThat(sections.find("patents", List.of("cy")).get("cy")).isEqualTo(before);
        assertThat(batches()).containsExactly("ada b2", "bob b1", "cy b1");
        assertThat(items()).containsExactly("ada {\"a\":3}", "bob {\"b\":1}", "cy {\"c\":1}");
    }

    @Test
    void leavesWhatIsHeldAsItIs() {
        keep(true, fetched("ada", "[{\"a\":1}]"));

        keep(true, fetched("ada", "[{\"a\":1}]", Change.HELD, null));

        assertThat(items()).containsExactly("ada {\"a\":1}");
    }

    /** What is no longer delivered to the table must not look as if it were. */
    @Test
    void tableHasNoOldItems() {
        keep(true, fetched("ada", "[{\"a\":1}]"));

        keep(false, fetched("ada", "[{\"a\":2}]"));

        assertThat(items()).isEmpty();
        assertThat(sections.find("patents", List.of("ada")).get("ada").isInTable())
                .isFalse();
    }

    @Test
    void forgetsPeopleAndIndexers() {
        keep(
                true,
                IntStream.range(0, 2_500)
                        .mapToObj(i -> fetched("p" + i, "[{\"a\":1}]"))
                        .toArray(Fetched[]::new));
        assertThat(sections.countPeople()).isEqualTo(2_500);

        sections.forget(List.of("p7", "p8", "nobody"));

        assertThat(sections.countPeople()).isEqualTo(2_498);
        int parts = 0;
        while (sections.forget("patents")) {
            parts++;
        }
        assertThat(parts).isEqualTo(3);
        assertThat(items()).isEmpty();
    }

    @Test
    void findsPeopleWhoAreNotInTheListOfABatch() {
        database.ledger().open("b1", "test", NOW, List.of("patents"), 10, false, null);
        database.people().add("b1", 0, List.of(person("ada")));
        keep(false, fetched("ada", "[]"), fetched("bob", "[]"));

        assertThat(sections.departed("b1")).containsExactly("bob");
    }

    @Test
    void holdsTheOutcomesOfAChunk() {
        database.ledger().open("b1", "test", NOW, List.of("patents"), 10, false, null);
        database.people().add("b1", 0, List.of(person("ada"), person("bob"), person("cy")));
        Chunk chunk = new Chunk("b1", "patents", 1, List.of(person("ada"), person("bob"), person("cy")));
        database.chunks().begin(chunk);
        ChunkOutcomes outcomes = new ChunkOutcomes(
                chunk,
                List.of(
                        fetched("ada", "[{},{}]", Change.HELD, null),
                        fetched("bob", "[{}]", Change.HELD, null),
                        fetched("cy", "[{}]")));
        database.chunks().end(outcomes, Counts.of(outcomes, true, true), NOW);
        database.ledger().endRun("b1", "patents", State.HELD, null, NOW);

        assertThat(database.ledger().counts("b1", "patents")).isEqualTo(new Counts(3, 1, 4, 0, 3, 0, 2));
        assertThat(database.held().count("b1", "patents")).isEqualTo(2);
        assertThat(database.held().read("b1", "patents", 0, 10))
                .containsExactly(new HeldLedger.Held(1, 1, person("bob"), "https://api/bob", 1));

        ChunkOutcomes released = new ChunkOutcomes(
                new Chunk("b1", "patents", 1, List.of(person("ada")), Chunk.Part.HELD), List.of(fetched("ada", "[]")));
        database.chunks().retried(released, Counts.of(released, true, true).afterHold(2), NOW);
        database.held().settle("b1", "patents");

        assertThat(database.ledger().counts("b1", "patents")).isEqualTo(new Counts(3, 2, 2, 0, 3, 0, 1));
        assertThat(database.ledger().run("b1", "patents").orElseThrow().state()).isEqualTo(State.HELD);

        database.held().reject("b1", "patents");

        assertThat(database.ledger().run("b1", "patents").orElseThrow().state()).isEqualTo(State.COMPLETED);
        assertThat(database.ledger().counts("b1", "patents").held()).isZero();
        assertThat(database.held().count("b1", "patents")).isZero();
    }

    private void keep(boolean isInTable, Fetched... fetched) {
        sections.keep(
                new Delivery("b1", "patents", "d", NOW, "i", isInTable),
                SectionLedger.written(Stream.of(fetched), last()));
    }

    private KeptSections last() {
        return new KeptSections(sections.find("patents", List.of("ada", "bob", "cy")), "i", false);
    }

    private List<String> batches() {
        return database.sql()
                .sql("select person_id || ' ' || batch_id from section order by person_id")
                .query(String.class)
                .list();
    }

    private List<String> items() {
        return new ArrayList<>(database.sql()
                .sql("select person_id || ' ' || item from item order by person_id, position")
                .query(String.class)
                .list());
    }

    private static Fetched fetched(String id, String items) {
        return new Fetched(call(id), json(items), 200, 1);
    }

    private static Fetched fetched(String id, String items, Change change, Validators validators) {
        return new Fetched(call(id), json(items), null, change, validators, 200, 1, 1);
    }

    private static Call call(String id) {
        return new Call(person(id), "https://api/" + id);
    }

    private static Person person(String id) {
        return new Person(id, "Name of " + id);
    }

    private static JsonNode json(String text) {
        return StoredJson.json(text);
    }
}
