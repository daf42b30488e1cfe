package org.colleaguesearch.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeopleListTest {
    @TempDir
    Path folder;

    private PeopleList list;

    @BeforeEach
    void startList() {
        list = new PeopleList(folder.resolve("made/as/needed/batch.people.jsonl"));
    }

    @AfterEach
    void deleteList() throws IOException {
        list.delete();
    }

    @Test
    void keepsThePeopleOfAllPagesInOrder() throws IOException {
        assertThat(list.add(page("/people?page=2", "b", "a"))).isEqualTo("/people?page=2");
        assertThat(list.add(page(null, "c"))).isNull();

        assertThat(people()).containsExactly(new Person("b", "Name of b"), person("a"), person("c"));
        assertThat(list.size()).isEqualTo(3);
    }

    @Test
    void canBeEmpty() throws IOException {
        assertThat(list.add(json("{\"items\":[]}"))).isNull();

        assertThat(people()).isEmpty();
        assertThat(list.size()).isZero();
    }

    @Test
    void makesNoFileBeforeTheFirstPage() {
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void namesNobodyTwice() throws IOException {
        list.add(page("/2", "a", "b", "a"));
        list.add(page(null, "b", "c", "a"));

        assertThat(people()).containsExactly(person("a"), person("b"), person("c"));
        assertThat(list.size()).isEqualTo(3);
    }

    @Test
    void keepsAnyTextAsItIs() throws IOException {
        String odd = "a\"b\\c\nd\r\n\t\u2028\u0000 Zoë 😀";
        ObjectMapper mapper = new ObjectMapper();
        list.add(mapper.createObjectNode()
                .set(
                        "items",
                        mapper.createArrayNode()
                                .add(mapper.createObjectNode().put("id", odd).put("name", odd))));

        assertThat(people()).containsExactly(new Person(odd, odd));
    }

    @Test
    void takesMissingNameAsEmpty() throws IOException {
        list.add(json("{\"items\":[{\"id\":\"a\"},{\"id\":\"b\",\"name\":null}],\"next\":null}"));

        assertThat(people()).containsExactly(new Person("a", ""), new Person("b", ""));
    }

    @Test
    void refusesPagesThatLeadInACircle() throws IOException {
        list.add(page("/2", "a"));
        list.add(page("/1", "b"));

        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> list.add(page("/2", "a")))
                .withMessage("the people list leads in a circle: page /2 came twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "\"x\"", "{\"items\":null}", "{\"items\":{}}", "{\"people\":[]}"})
    void refusesPageWithoutItems(String page) {
        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> list.add(json(page)))
                .withMessage("a page of the people list has no array 'items'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id\":7}", "{\"id\":null}", "{\"id\":\"\"}", "\"a\"", "null", "[]"})
    void refusesItemWithoutId(String item) {
        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> list.add(json("{\"items\":[" + item + "]}")))
                .withMessage("an item of the people list has no text 'id'");
    }

    @Test
    void canBeReadByManyAtOnce() throws IOException {
        list.add(page(null, "a", "b", "c"));
        list.close();

        try (Stream<Person> first = list.stream();
                Stream<Person> second = list.stream()) {
            assertThat(first.limit(1)).containsExactly(person("a"));
            assertThat(second).hasSize(3);
        }
    }

    @Test
    void namesTheFileThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("a-file"), "");

        PeopleList unwritable = new PeopleList(file.resolve("x.jsonl"));

        assertThatThrownBy(() -> unwritable.add(page(null, "a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void leavesNoFileWhenDeleted() throws IOException {
        list.add(page(null, "a"));
        list.delete();

        assertThat(folder.resolve("made/as/needed")).isEmptyDirectory();
    }

    @Test
    void holdsNoneOf200000PeopleOnceItIsWritten() throws IOException {
        long before = usedHeap();
        for (int page = 0; page < 400; page++) {
            String[] ids = IntStream.range(page * 500, page * 500 + 500)
                    .mapToObj(i -> "urn:person:" + i + ":" + "x".repeat(40))
                    .toArray(String[]::new);
            list.add(page(page == 399 ? null : "/" + page, ids));
        }
        list.close();

        // The ids alone are more than 20 MB; what is left is a path and the like.
        assertThat(usedHeap() - before).isLessThan(8_000_000);
        assertThat(list.size()).isEqualTo(200_000);
        try (Stream<Person> people = list.stream()) {
            assertThat(people.count()).isEqualTo(200_000);
        }
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private List<Person> people() throws IOException {
        list.close();
        try (Stream<Person> people = list.stream()) {
            return people.toList();
        }
    }

    private static Person person(String id) {
        return new Person(id, "Name of " + id);
    }

    private static JsonNode page(String next, String... ids) {
        String items = Stream.of(ids)
                .map(id -> "{\"id\":\"%1$s\",\"name\":\"Name of %1$s\"}".formatted(id))
                .collect(Collectors.joining(","));
        return json("{\"items\":[%s],\"next\":%s}".formatted(items, next == null ? "null" : "\"" + next + "\""));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
