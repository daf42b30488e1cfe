package org.colleaguesearch.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.source.ApiUrls;
import org.colleaguesearch.source.PageLinks;
import org.colleaguesearch.source.PagesException;
import org.colleaguesearch.source.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagedSectionTest {
    private static final String FIRST = "https://api.example.org/v1/works?page=1";

    private final PagedSection section = section(10_000_000, Map.of("next", ".next"));

    @Test
    void joinsThePagesInOrder() {
        add(section, "[{\"a\":1},{\"a\":2}]", "{\"next\":\"?page=2\"}");
        assertThat(section.url()).isEqualTo("https://api.example.org/v1/works?page=2");
        add(section, "[]", "{\"next\":\"?page=3\"}");
        add(section, "[{\"a\":3}]", "{\"next\":null}");

        assertThat(section.hasNext()).isFalse();
        assertThat(section.items()).isEqualTo(json("[{\"a\":1},{\"a\":2},{\"a\":3}]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "\"x\""})
    void refusesPageThatIsNoList(String page) {
        assertThatThrownBy(() -> add(section, page, "{}"))
                .isInstanceOf(PagesException.class)
                .hasMessage("the section is not a list: check 'section'");
    }

    @Test
    void withoutPagingTheSectionIsThatOfTheResponse() {
        PagedSection single = section(1, Map.of());
        add(single, "{\"a\":1}", "{\"next\":\"/2\"}");

        assertThat(single.hasNext()).isFalse();
        assertThat(single.items()).isEqualTo(json("{\"a\":1}"));
    }

    @Test
    void isEmptyWithoutUrl() {
        PagedSection none = new PagedSection(SectionSource.of(Map.of()), null, null, 1);

        assertThat(none.hasNext()).isFalse();
        assertThat(none.page()).isZero();
        assertThat(none.items()).isEqualTo(json("[]"));
    }

    /** Else a page with few items of interest would pass for the last one. */
    @Test
    void countsTheItemsThatTheSectionLeavesOut() {
        Map<String, String> parameters =
                Map.of("paging", "offset", "pageSize", "3", "items", ".all", "section", "[.all[] | select(.a)]");
        PagedSection filtered = section(1_000, parameters);
        add(filtered, "[]", "{\"all\":[1,2,3]}");
        assertThat(filtered.url()).endsWith("offset=3");
        add(filtered, "[{}]", "{\"all\":[1,2]}");

        assertThat(filtered.hasNext()).isFalse();
    }

    @Test
    void refusesPagesThatIgnoreTheirNumber() {
        PagedSection ignored = section(1_000, Map.of("paging", "page", "section", "."));
        add(ignored, "[{}]", "[{}]");

        assertThatThrownBy(() -> add(ignored, "[{}]", "[{}]"))
                .isInstanceOf(PagesException.class)
                .hasMessage("page 2 is the same as the one before: does the API know the parameter 'page'?");
    }

    @Test
    void refusesPagesThatAreTooLargeTogether() {
        PagedSection small = section(19, Map.of("next", ".next"));
        add(small, "[{\"a\":\"123456\"}]", "{\"next\":\"?page=2\"}");

        assertThatThrownBy(() -> add(small, "[{}]", "{}"))
                .isInstanceOf(PagesException.class)
                .hasMessage("all pages together exceed max-response-size, 19 bytes");
    }

    /** They come with status 200. */
    @Test
    void refusesGraphQlResponseWithErrors() {
        PagedSection graph = section(1_000, Map.of("query", "{ works { title } }"));

        assertThatThrownBy(() -> add(graph, "[]", "{\"errors\":[{\"message\":\"secret\"}],\"data\":{\"works\":[]}}"))
                .isInstanceOf(PagesException.class)
                .hasMessageStartingWith("the GraphQL response has errors: ")
                .hasMessageNotContaining("secret");
    }

    @Test
    void asksForEachKnownPageOnlyIfItHasChanged() {
        Validators known = read();
        section.since(known);

        assertThat(section.request().headers()).containsOnly(Map.entry("If-None-Match", "\"1\""));
        section.skip();
        assertThat(section.url()).isEqualTo("https://api.example.org/v1/works?page=2");
        assertThat(section.request().headers())
                .containsOnly(Map.entry("If-None-Match", "\"2\""), Map.entry("If-Modified-Since", "Mon"));
        assertThat(section.isNotModified()).isFalse();
        section.skip();

        assertThat(section.isNotModified()).isTrue();
        assertThat(section.hasNext()).isFalse();
        assertThat(section.calls()).isEqualTo(2);
    }

    /** The items of the pages before it are needed after all. */
    @Test
    void readsAllPagesAgainWhenOneHasChanged() {
        section.since(read());
        section.skip();
        add(section, "[{\"a\":9}]", "{\"next\":null}");

        assertThat(section.url()).isEqualTo(FIRST);
        assertThat(section.request().headers()).isEmpty();
        add(section, "[{\"a\":1}]", "{\"next\":\"?page=2\"}");
        add(section, "[{\"a\":9}]", "{\"next\":null}");

        assertThat(section.isNotModified()).isFalse();
        assertThat(section.items()).isEqualTo(json("[{\"a\":1},{\"a\":9}]"));
        assertThat(section.calls()).isEqualTo(4);
    }

    @Test
    void takesTheFirstPageAsItIsWhenItHasChanged() {
        section.since(read());
        add(section, "[{\"a\":7}]", "{\"next\":null}");

        assertThat(section.hasNext()).isFalse();
        assertThat(section.items()).isEqualTo(json("[{\"a\":7}]"));
        assertThat(section.calls()).isEqualTo(1);
    }

    @Test
    void doesNotAskForPagesOfAnotherUrl() {
        section.since(new Validators(List.of(new Validators.Page(FIRST + "&all=true", "\"1\"", null))));

        assertThat(section.request().headers()).isEmpty();
    }

    /** Else a change of that page would go unnoticed. */
    @Test
    void knowsNoVersionWhenAPageHasNone() {
        add(section, "[]", "{\"next\":\"?page=2\"}", Map.of("etag", "\"1\""));
        add(section, "[]", "{}", Map.of());

        assertThat(section.validators()).isNull();
    }

    @Test
    void refusesNotModifiedForAPageThatIsNotKnown() {
        assertThatThrownBy(section::skip).isInstanceOf(PagesException.class);
    }

    /** The versions of a section with two pages. */
    private static Validators read() {
        PagedSection before = section(1_000, Map.of("next", ".next"));
        add(before, "[{\"a\":1}]", "{\"next\":\"?page=2\"}", Map.of("etag", "\"1\""));
        add(before, "[{\"a\":2}]", "{\"next\":null}", Map.of("etag", "\"2\"", "last-modified", "Mon"));
        return before.validators();
    }

    private static void add(PagedSection section, String items, String page) {
        add(section, items, page, Map.of());
    }

    private static void add(PagedSection section, String items, String page, Map<String, String> headers) {
        section.add(new PageLinks.Answer(json(page), headers, section.url()), json(items));
    }

    private static PagedSection section(long maxCharacters, Map<String, String> parameters) {
        SectionSource source = SectionSource.of(parameters);
        ApiUrls api = new ApiUrls("default", URI.create("https://api.example.org/v1"));
        return new PagedSection(
                source,
                Request.GET,
                new PageLinks(api, source.paging(), FIRST, PagedSection.MOST_PAGES),
                maxCharacters);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
