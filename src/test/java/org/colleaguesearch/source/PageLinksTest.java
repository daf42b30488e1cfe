package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.Map;
import org.colleaguesearch.settings.Jq;
import org.colleaguesearch.settings.Paging;
import org.colleaguesearch.settings.Paging.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageLinksTest {
    private static final String HOST = "https://api.example.org";
    private static final String LIST = HOST + "/v1/works?sort=name";

    @Test
    void withoutPagingThereIsOnePage() {
        PageLinks links = links(paging(Kind.NONE));

        assertThat(links.url()).isEqualTo(LIST);
        advance(links, "{\"next\":\"/2\"}", 3);
        assertThat(links.url()).isNull();
        assertThat(links.page()).isEqualTo(1);
    }

    /** As browsers resolve them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "?page=2 /v1/works?page=2",
                "works?page=2 /v1/works?page=2",
                "/v2/works?page=2 /v2/works?page=2",
                "//api.example.org/2 /2",
                "https://api.example.org:443/2 /2",
                "HTTPS://API.example.org/2 /2",
                "/2?q=a|b /2?q=a%7Cb",
                "/2?q=Zoë /2?q=Zo%C3%AB",
                "/2#top /2",
            })
    void followsTheUrlThatNextTakes(String next, String expected) {
        PageLinks links = links(next(".next"));

        advance(links, "{\"next\":\"" + next + "\"}", 0);

        assertThat(links.url()).isEqualTo(HOST + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"next\":null}", "{\"next\":\"\"}", "{\"next\":\" \"}", "{}"})
    void endsWithoutNext(String page) {
        PageLinks links = links(next(".next"));

        advance(links, page, 100);

        assertThat(links.url()).isNull();
    }

    @Test
    void endsWhereNextHasNoResult() {
        PageLinks links = links(next("empty"));

        advance(links, "{}", 100);

        assertThat(links.url()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ".next | {\"next\":2} | next, .next, is a number; expected a URL, or null on the last page",
                ".next | {\"next\":{\"href\":\"secret\"}} | next, .next, is an object with 'href'; expected a URL, or null on the last page",
                ".next,.next | {\"next\":\"/2\"} | next, .next,.next, is a list; expected a URL, or null on the last page",
                ".next | [\"secret\"] | next, .next, cannot be applied to a list",
            })
    void saysWhatNextIs(String next, String page, String message) {
        assertFails(links(next(next)), page, "cannot find the next page: " + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com/works?page=2",
                "//evil.example.com/works?page=2",
                "http://api.example.org/v1/works?page=2",
                "https://api.example.org@evil.example.com/",
                "https://api.example.org:8443/",
                "file:///etc/passwd"
            })
    void neverLeadsToAnotherHost(String next) {
        assertThatThrownBy(() -> advance(links(next(".next")), "{\"next\":\"" + next + "\"}", 1))
                .isInstanceOf(PagesException.class)
                .hasMessageStartingWith("cannot call the next page: ")
                .hasMessageContaining("api.example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {LIST, "?sort=name", "works?sort=name", "/v1/works?sort=name"})
    void refusesToGoInACircle(String next) {
        assertFails(
                links(next(".next")),
                "{\"next\":\"" + next + "\"}",
                "the pages form a cycle: page 1 leads back to a page already read");
    }

    @Test
    void refusesListWithoutEnd() {
        PageLinks links = new PageLinks(api(), next(".next"), LIST, 3);
        advance(links, "{\"next\":\"/2\"}", 1);
        advance(links, "{\"next\":\"/3\"}", 1);

        assertFails(links, "{\"next\":\"/4\"}", "more than 3 pages; check how the next page is found");
    }

    @Test
    void nextKnowsTheHeadersAndTheUrl() {
        PageLinks links = links(next("$url + \"&after=\" + $headers[\"x-last\"]"));

        links.advance(new PageLinks.Answer(json("{}"), Map.of("x-last", "7"), LIST), 1);

        assertThat(links.url()).isEqualTo(LIST + "&after=7");
    }

    @Test
    void sendsCursorAsQueryParameter() {
        PageLinks links = links(new Paging(Kind.CURSOR, Jq.valueOf(".meta.cursor"), "after", null, 50, 1, null, ""));

        assertThat(links.url()).isEqualTo(LIST + "&limit=50");
        advance(links, "{\"meta\":{\"cursor\":\"a=b&c/d\"}}", 50);
        assertThat(links.url()).isEqualTo(LIST + "&limit=50&after=a%3Db%26c%2Fd");
        advance(links, "{\"meta\":{\"cursor\":12}}", 50);
        assertThat(links.url()).isEqualTo(LIST + "&limit=50&after=12");
        advance(links, "{\"meta\":{\"cursor\":null}}", 50);
        assertThat(links.url()).isNull();
    }

    @Test
    void refusesCursorThatDoesNotAdvance() {
        PageLinks links = links(new Paging(Kind.CURSOR, Jq.valueOf(".cursor"), null, null, null, 1, null, ""));
        advance(links, "{\"cursor\":\"x\"}", 50);

        assertFails(
                links,
                "{\"cursor\":\"x\",\"n\":2}",
                "the pages form a cycle: page 2 leads back to a page already read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<https://api.example.org/2>; rel=\"next\" | /2",
                "<https://api.example.org/9>; rel=\"last\", </2?a=b,c;d>; title=\"a, b\"; rel=next | /2?a=b,c;d",
                "<?page=2>; rel=\"prefetch next\" | /v1/works?page=2",
                "<?page=1>;rel=prev, <?page=3>;REL=\"NEXT\" | /v1/works?page=3",
            })
    void followsLinkHeader(String header, String expected) {
        PageLinks links = links(paging(Kind.LINK));

        links.advance(new PageLinks.Answer(json("[]"), Map.of("link", header), LIST), 0);

        assertThat(links.url()).isEqualTo(HOST + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<https://api.example.org/1>; rel=\"prev\"", "<x>; rel=\"nextpage\"", "nonsense"})
    void endsWithoutLinkToNext(String header) {
        PageLinks links = links(paging(Kind.LINK));

        links.advance(new PageLinks.Answer(json("[{}]"), Map.of("link", header), LIST), 1);

        assertThat(links.url()).isNull();
    }

    @Test
    void countsPagesUntilOneIsShort() {
        PageLinks links = links(new Paging(Kind.PAGE, null, null, "per_page", 2, 0, null, ""));

        assertThat(links.url()).isEqualTo(LIST + "&per_page=2&page=0");
        advance(links, "[]", 2);
        assertThat(links.url()).isEqualTo(LIST + "&per_page=2&page=1");
        advance(links, "[]", 1);
        assertThat(links.url()).isNull();
    }

    @Test
    void withoutPageSizeOnlyAnEmptyPageIsTheLast() {
        PageLinks links = links(paging(Kind.OFFSET));

        assertThat(links.url()).isEqualTo(LIST + "&offset=0");
        advance(links, "[1,2,3]", 3);
        assertThat(links.url()).isEqualTo(LIST + "&offset=3");
        advance(links, "[4]", 1);
        assertThat(links.url()).isEqualTo(LIST + "&offset=4");
        advance(links, "[]", 0);
        assertThat(links.url()).isNull();
    }

    @Test
    void readsAsManyItemsAsTheTotal() {
        PageLinks links = links(new Paging(Kind.OFFSET, null, "start", null, 100, 1, Jq.valueOf(".total"), ""));

        // The API gives fewer than asked for.
        advance(links, "{\"total\":25,\"page\":1}", 20);
        assertThat(links.url()).isEqualTo(LIST + "&limit=100&start=20");
        advance(links, "{\"total\":25}", 5);
        assertThat(links.url()).isNull();
    }

    @Test
    void refusesPageThatIsEmptyBeforeTheTotal() {
        PageLinks links = links(new Paging(Kind.PAGE, null, null, null, null, 1, Jq.valueOf(".total"), ""));
        links.advance(new PageLinks.Answer(json("{\"total\":25,\"page\":1}"), Map.of(), links.url()), 20);

        assertThatThrownBy(() -> links.advance(new PageLinks.Answer(json("{\"total\":25}"), Map.of(), links.url()), 0))
                .hasMessage("page 2 is empty, but only 20 of 25 items were read");
    }

    @Test
    void refusesPageThatIsTheSameAsTheOneBefore() {
        PageLinks links = links(paging(Kind.PAGE));
        advance(links, "[{\"a\":1}]", 1);

        assertFails(
                links, "[{\"a\":1}]", "page 2 is the same as the one before: does the API know the parameter 'page'?");
    }

    @Test
    void refusesTotalThatIsNoNumber() {
        Paging paging = new Paging(Kind.PAGE, null, null, null, null, 1, Jq.valueOf(".total"), "colleagues.people.");

        assertThatThrownBy(() -> advance(links(paging), "{\"total\":\"25\"}", 20))
                .hasMessage("cannot find the next page: colleagues.people.total, .total, is a text; expected the number"
                        + " of all items");
    }

    @Test
    void replacesParametersOfTheUrl() {
        PageLinks links = new PageLinks(
                api(), new Paging(Kind.PAGE, null, "p", "n", 9, 1, null, ""), HOST + "/x?p=7&q=1&n=5&pp=2", 10);

        assertThat(links.url()).isEqualTo(HOST + "/x?q=1&pp=2&n=9&p=1");
    }

    private static void assertFails(PageLinks links, String page, String message) {
        assertThatThrownBy(() -> advance(links, page, 1))
                .isInstanceOf(PagesException.class)
                .hasMessage(message)
                .hasMessageNotContaining("secret");
    }

    private static void advance(PageLinks links, String page, int items) {
        links.advance(new PageLinks.Answer(json(page), Map.of(), links.url()), items);
    }

    private static PageLinks links(Paging paging) {
        return new PageLinks(api(), paging, LIST, 100);
    }

    private static ApiUrls api() {
        return new ApiUrls("works", URI.create(HOST + "/v1"));
    }

    private static Paging next(String expression) {
        return new Paging(Kind.NEXT, Jq.valueOf(expression), null, null, null, 1, null, "");
    }

    private static Paging paging(Kind kind) {
        return new Paging(kind, null, null, null, null, 1, null, "");
    }

    private static com.fasterxml.jackson.databind.JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
