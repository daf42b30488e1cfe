package org.colleaguesearch.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeopleListTest {
    private static final PeoplePages PAGES =
            new PeoplePages(ShippedSettings.with().people(), null);

    @RegisterExtension
    final TestLedger database = database();

    private PeopleList list;

    TestLedger database() {
        return TestLedger.h2();
    }

    @BeforeEach
    void startList() {
        database.ledger().open("batch", "test", Instant.now(), List.of("patents"), 100, false, null);
        database.ledger().open("other", "test", Instant.now(), List.of("functions"), 100, false, null);
        list = database.people().list("batch", 0);
    }

    @Test
    void keepsThePeopleOfAllPagesInOrder() {
        add(page("b", "a"));
        add(page("c"));

        assertThat(people()).containsExactly(new Person("b", "Name of b"), person("a"), person("c"));
        assertThat(list.size()).isEqualTo(3);
    }

    @Test
    void canBeEmpty() {
        add(json("{\"items\":[]}"));

        assertThat(people()).isEmpty();
        assertThat(list.size()).isZero();
    }

    @Test
    void dropsDuplicates() {
        add(page("a", "b", "a"));
        add(page("b", "c", "a"));

        assertThat(people()).containsExactly(person("a"), person("b"), person("c"));
        assertThat(list.size()).isEqualTo(3);
    }

    @Test
    void keepsAnyTextUnchanged() {
        String odd = "a\"b\\c\nd\r\n\t\u2028\uFEFF Zoë 😀";
        ObjectMapper mapper = new ObjectMapper();
        add(mapper.createObjectNode()
                .set(
                        "items",
                        mapper.createArrayNode()
                                .add(mapper.createObjectNode().put("id", odd).put("name", odd))));

        assertThat(people()).containsExactly(new Person(odd, odd));
    }

    /** Databases and URLs cannot hold it. */
    @ParameterizedTest
    @ValueSource(strings = {"a\\u0000b", "\\u0000", "\\ud83d"})
    void refusesIdWithNulOrUnpairedSurrogate(String id) {
        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> add(json("{\"items\":[{\"id\":\"" + id + "\"}]}")))
                .withMessage("invalid item in the people list: the id contains a NUL or an unpaired surrogate");
        assertThat(people()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\u0000b", "\\ude00 half a character"})
    void readsInvalidNameAsEmpty(String name) {
        add(json("{\"items\":[{\"id\":\"a\",\"name\":\"" + name + "\"}]}"));

        assertThat(people()).containsExactly(new Person("a", ""));
    }

    @Test
    void readsMissingNameAsEmpty() {
        add(json("{\"items\":[{\"id\":\"a\"},{\"id\":\"b\",\"name\":null}],\"next\":null}"));

        assertThat(people()).containsExactly(new Person("a", ""), new Person("b", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "\"x\"", "{\"items\":null}", "{\"items\":{}}", "{\"people\":[]}"})
    void refusesPageWithoutItems(String page) {
        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> add(json(page)))
                .withMessageStartingWith("invalid page of the people list: ")
                .withMessageContaining("colleagues.people.items, .items, ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id\":7.5}", "{\"id\":null}", "{\"id\":\"\"}", "\"a\"", "null", "[]"})
    void refusesItemWithoutId(String item) {
        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> add(json("{\"items\":[" + item + "]}")))
                .withMessageContaining("colleagues.people.id, .id, ");
    }

    @Test
    void readsARangeInOrder() {
        add(page("a", "b", "c"));
        add(page("d"));

        assertThat(list.read(0, 2)).containsExactly(person("a"), person("b"));
        assertThat(list.read(2, 2)).containsExactly(person("c"), person("d"));
        assertThat(list.read(3, 10)).containsExactly(person("d"));
        assertThat(list.read(4, 10)).isEmpty();
    }

    @Test
    void doesNotMixBatches() {
        PeopleList other = database.people().list("other", 0);
        add(page("a", "b"));
        other.add(List.of(person("b")));

        assertThat(list.read(0, 10)).containsExactly(person("a"), person("b"));
        assertThat(other.read(0, 10)).containsExactly(person("b"));
        other.clear();
        assertThat(people()).hasSize(2);
    }

    @Test
    void survivesACrash() {
        add(page("a", "b"));

        PeopleList again = database.people().list("batch", 2);
        assertThat(again.size()).isEqualTo(2);
        assertThat(again.read(1, 1)).containsExactly(person("b"));
    }

    @Test
    void canBeListedAgain() {
        add(page("a", "b"));
        list.clear();
        assertThat(list.size()).isZero();
        assertThat(people()).isEmpty();

        add(page("b"));
        add(page("a"));
        assertThat(people()).containsExactly(person("b"), person("a"));
    }

    /** More than one transaction deletes. */
    @Test
    void deletesLongLists() {
        for (int page = 0; page < 5; page++) {
            int first = page * 5_001;
            add(page(ids(first, 5_001)));
        }
        assertThat(list.size()).isEqualTo(25_005);

        database.people().delete("batch");

        assertThat(people()).isEmpty();
        database.people().delete("batch");
    }

    /** More than the parameters of a PostgreSQL statement. */
    @Test
    void readsPageOf70000() {
        add(page(ids(0, 70_000)));
        add(page(ids(69_999, 2)));

        assertThat(list.size()).isEqualTo(70_001);
        assertThat(list.read(69_999, 5)).containsExactly(person("p69999"), person("p70000"));
    }

    @Test
    void refusesListThatDoesNotAdvance() {
        add(page("a"));
        for (int i = 1; i < 100; i++) {
            add(page("a"));
        }

        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> add(page("a")))
                .withMessage("the people list does not advance: 100 pages in a row have no new people");
    }

    @Test
    void acceptsListThatAdvancesSlowly() {
        for (int i = 0; i < 300; i++) {
            add(page(i % 99 == 0 ? "p" + i : "p0"));
        }

        assertThat(people()).hasSize(4);
    }

    private static String[] ids(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(i -> "p" + i).toArray(String[]::new);
    }

    private void add(JsonNode page) {
        list.add(PAGES.people(PAGES.items(page)));
    }

    private List<Person> people() {
        return list.read(0, Integer.MAX_VALUE);
    }

    private static Person person(String id) {
        return new Person(id, "Name of " + id);
    }

    private static JsonNode page(String... ids) {
        String items = Stream.of(ids)
                .map(id -> "{\"id\":\"%1$s\",\"name\":\"Name of %1$s\"}".formatted(id))
                .collect(Collectors.joining(","));
        return json("{\"items\":[%s]}".formatted(items));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
