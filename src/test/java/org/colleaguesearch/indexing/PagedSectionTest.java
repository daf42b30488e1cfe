package org.colleaguesearch.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.List;
import org.colleaguesearch.source.ApiUrls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagedSectionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FIRST = "https://api.example.org/v1/works?page=1";

    private final PagedSection section = section(10_000_000);

    @Test
    void joinsThePagesInOrder() {
        section.add(json("[{\"a\":1},{\"a\":2}]"), json("\"?page=2\""));
        assertThat(section.next()).isEqualTo("https://api.example.org/v1/works?page=2");
        section.add(json("[]"), json("\"https://api.example.org/v1/works?page=3\""));
        section.add(json("[{\"a\":3}]"), json("null"));

        assertThat(section.hasNext()).isFalse();
        assertThat(section.items()).isEqualTo(json("[{\"a\":1},{\"a\":2},{\"a\":3}]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\""})
    void endsWhereNextGivesNone(String next) {
        section.add(json("[{}]"), json(next));

        assertThat(section.hasNext()).isFalse();
    }

    @Test
    void endsWhereNextGivesNothingAtAll() {
        section.add(json("[{}]"), null);

        assertThat(section.hasNext()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "true", "{}", "[\"?page=2\"]"})
    void refusesNextThatIsNoText(String next) {
        assertFails(
                json("[]"),
                json(next),
                "'next' returned something else than a URL: it must return a string, or null after the last page");
    }

    @Test
    void refusesSeveralNexts() {
        assertFails(
                json("[]"),
                List.of(json("\"?page=2\""), json("\"?page=3\"")),
                "'next' returned something else than a URL: it must return a string, or null after the last page");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "\"x\""})
    void refusesPageThatIsNoList(String page) {
        assertFails(json(page), null, "the section is not a list: check 'section'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com/works?page=2",
                "//evil.example.com/works?page=2",
                "http://api.example.org/v1/works?page=2",
                "https://api.example.org@evil.example.com/",
                "file:///etc/passwd"
            })
    void neverLeadsToAnotherHost(String next) {
        assertThatThrownBy(() -> section.add(json("[]"), JSON.valueToTree(next)))
                .isInstanceOf(PagesException.class)
                .hasMessageStartingWith("cannot call the next page: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {FIRST, "?page=1", "works?page=1", "/v1/works?page=1"})
    void refusesToGoInACircle(String next) {
        assertFails(
                json("[{}]"),
                JSON.valueToTree(next),
                "the pages form a cycle: 'next' leads back to a page that was already read");
    }

    @Test
    void refusesListWithoutEnd() {
        for (int page = 2; page <= PagedSection.MOST_PAGES; page++) {
            section.add(json("[]"), JSON.valueToTree("?page=" + page));
        }

        assertFails(json("[]"), json("\"?page=1001\""), "more than 1000 pages; check 'next'");
    }

    @Test
    void refusesPagesThatAreTooLargeTogether() {
        PagedSection small = section(19);
        small.add(json("[{\"a\":\"123456\"}]"), json("\"?page=2\""));

        assertThatThrownBy(() -> small.add(json("[{}]"), null))
                .isInstanceOf(PagesException.class)
                .hasMessage("all pages together exceed max-response-size, 19 bytes");
    }

    private void assertFails(JsonNode page, Object next, String reason) {
        assertThatThrownBy(() -> section.add(page, next))
                .isInstanceOf(PagesException.class)
                .hasMessage(reason);
    }

    private static PagedSection section(long maxCharacters) {
        return new PagedSection(new ApiUrls("default", URI.create("https://api.example.org/v1")), maxCharacters, FIRST);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
