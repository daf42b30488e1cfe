package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sections that only a route file declares are searched like those that are shipped. */
class DeclaredSearchIT {
    private static final SearchedIndex INDEX = new SearchedIndex("it-declared").with("works");

    @RegisterExtension
    static final RouteApplication APPLICATION = INDEX.application();

    @BeforeAll
    static void fill() {
        INDEX.fill(Stream.of("""
                {"id":"ada","name":"Ada","active":true,
                 "works":[{"title":"Charts","venue":"Letters","year":2019},
                          {"title":"A chart of <braided> rivers","venue":"Cartographica","year":2021,"doi":"zzyzx"}],
                 "talks":[{"title":"Glaciers","venue":"Kyoto Hall"}]}""", """
                {"id":"bob","name":"Bob","active":true,
                 "works":[{"title":"Sand dunes","year":2021},{"venue":"Letters","year":2020},{"title":null}],
                 "talks":[{"title":"Deltas","venue":"Letters"}]}""", """
                {"id":"cy","name":"Cy","active":true,"works":[],"notes":[{"text":"xylophone"}]}""", """
                {"id":"dee","name":"Dee","active":true,"patents":[{"title":"Hydrofoil"}]}""").map(Sample::json).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "braided rivers, ada",
        "brayded river, ada",
        "cartographica, ada",
        "dunes, bob",
        "glaciers, ada",
        "deltas letters, bob",
        "hydrofoil, dee",
        // Neither the fields nor the sections that nobody declares.
        "zzyzx, ''",
        "xylophone, ''",
        "2021, ''"
    })
    void findsFirst(String query, String id) {
        JsonNode found = INDEX.search("{\"query\":\"" + query + "\"}");

        assertThat(ids(found).stream().findFirst().orElse("")).isEqualTo(id);
    }

    @Test
    void showsTheBestItemsWithHighlights() {
        JsonNode ada = INDEX.search("{\"query\":\"rivers cartographica\"}").at("/hits/0");

        assertThat(ada.get("works")).isEqualTo(Sample.json("""
                [{"title":"A chart of <braided> rivers","venue":"Cartographica","year":2021,
                  "highlights":["A chart of &lt;braided&gt; <em>rivers</em>","<em>Cartographica</em>"]},
                 {"title":"Charts","venue":"Letters","year":2019,"highlights":[]}]"""));
        assertThat(ada.get("talks")).hasSize(1);
        assertThat(ada.has("notes")).isFalse();
    }

    @Test
    void showsNoItemsOfWhoHasNone() {
        assertThat(INDEX.search("{\"query\":\"cy\"}").at("/hits/0/works")).isEmpty();
        assertThat(INDEX.search("{\"query\":\"dee\"}").at("/hits/0/works")).isEmpty();
    }

    @Test
    void explainsWhichFieldsMatch() {
        JsonNode ada = INDEX.search("{\"query\":\"rivers cartographika kyoto\",\"explain\":true}")
                .at("/hits/0");

        assertThat(ada.get("matches")).containsExactlyInAnyOrderElementsOf(Sample.json("""
                [{"field":"works.title","highlights":["A chart of &lt;braided&gt; <em>rivers</em>"]},
                 {"field":"works.venue","highlights":[]},
                 {"field":"talks.venue","highlights":["<em>Kyoto</em> Hall"]}]"""));
        assertThat(INDEX.search("{\"query\":\"rivers\"}").at("/hits/0").has("matches"))
                .isFalse();
        assertThat(INDEX.search("{\"explain\":true}").get("total").asInt()).isEqualTo(4);
    }

    @Test
    void explainsNamesAndExactValues() {
        assertThat(INDEX.search("{\"query\":\"bob\",\"explain\":true}").at("/hits/0/matches"))
                .isEqualTo(Sample.json("[{\"field\":\"name\",\"highlights\":[\"<em>Bob</em>\"]}]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"works.venue\":[\"letters\"]} | ada bob",
                "{\"talks.venue\":[\"Letters\"]} | bob",
                "{\"works.year\":[\"2021\"]} | ada bob",
                "{\"works.year\":[\"2020\",\"2019\"]} | ada bob",
                // Of one and the same work.
                "{\"works.venue\":[\"Letters\"],\"works.year\":[\"2019\"]} | ada",
                "{\"works.venue\":[\"Letters\"],\"works.year\":[\"2021\"]} | ''",
                "{\"works.year\":[]} | ada bob cy dee",
            })
    void filters(String filters, String ids) {
        JsonNode found = INDEX.search("{\"sort\":\"name\",\"filters\":" + filters + "}");

        assertThat(String.join(" ", ids(found))).isEqualTo(ids);
    }

    @Test
    void countsPeopleForEachFilter() {
        JsonNode facets = INDEX.search("{}").get("facets");

        assertThat(facets.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "works.venue", "works.year", "talks.venue", "country", "city", "organization", "function");
        assertThat(facets.get("works.venue")).isEqualTo(Sample.json("""
                [{"value":"Letters","count":2},{"value":"Cartographica","count":1}]"""));
        assertThat(facets.get("works.year")).isEqualTo(Sample.json("""
                [{"value":"2021","count":2},{"value":"2019","count":1},{"value":"2020","count":1}]"""));
    }

    @Test
    void countsOnlyTheFacetsThatAreAskedFor() {
        JsonNode facets =
                INDEX.search("{\"facets\":[\"works.year\",\"functions.code\"]}").get("facets");

        assertThat(facets.fieldNames()).toIterable().containsExactlyInAnyOrder("works.year", "functions.code");
    }

    @Test
    void suggestsFilteredNamesAndTopics() {
        JsonNode suggestions = INDEX.suggest("cartogr");

        assertThat(suggestions.get("works.venue"))
                .isEqualTo(Sample.json("[{\"value\":\"Cartographica\",\"count\":1}]"));
        assertThat(suggestions.has("works.year")).isFalse();
        assertThat(INDEX.suggest("dune").get("topics").findValuesAsText("value"))
                .contains("dunes");
        assertThat(INDEX.suggest("letters").get("talks.venue").findValuesAsText("value"))
                .containsExactly("Letters");
    }

    private static List<String> ids(JsonNode found) {
        return StreamSupport.stream(found.get("hits").spliterator(), false)
                .map(hit -> hit.at("/person/id").textValue())
                .toList();
    }
}
