package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the search finds, of a few people on a real OpenSearch. How well it ranks is {@link SearchQualityIT}'s. */
class ExpertiseSearchIT {
    private static final SearchedIndex INDEX = new SearchedIndex("it-search");

    @RegisterExtension
    static final RouteApplication APPLICATION = INDEX.application();

    @BeforeAll
    static void fill() {
        List<JsonNode> people = new ArrayList<>(
                Stream.of("""
                {"id":"ada","name":"Ada Lindqvist","active":true,
                 "patents":[
                  {"number":"11","title":"Neural network accelerator with sparse weights","date":"2021-03-04",
                   "abstract":"A processor skips multiplications by zero, and stores pruned weights in a <b>compact</b> format & more."},
                  {"number":"12","title":"Memory controller","date":"2019-01-02","abstract":"Rows are refreshed in turn."}],
                 "functions":[{"code":"G06N","title":"Computing based on models","patents":1},
                              {"code":"G11C","title":"Static stores","patents":1}],
                 "memberships":[{"organization":"Nordlys Cell Works","since":"2015"}],
                 "geography":[{"city":"Zürich","country":"CH","since":"2018","until":"2021"},
                              {"city":"Portland","state":"OR","country":"US","since":"2015","until":"2018"}]}""", """
                {"id":"bob","name":"Bob Ångström","active":true,
                 "patents":[{"number":"21","title":"Separating cotton from polyester","date":"2020-05-06",
                             "abstract":"Garments are shredded, and their fibres are dissolved selectively."}],
                 "functions":[{"code":"D01F","title":"Man-made filaments","patents":1}],
                 "memberships":[{"organization":"Second Thread","since":"2012","until":"2020"}],
                 "geography":[{"city":"Kyoto","country":"JP"},{"city":"Paris","country":"FR","until":"2014"}]}""", """
                {"id":"cy","name":"Cy Neural","active":true,"patents":[],
                 "functions":[{"code":"G11C","title":"Static stores","patents":0}],
                 "memberships":[],"geography":[{"city":"Kyoto","country":"JP"}]}""", """
                {"id":"dee","name":"Dee Aardvark","active":false,
                 "patents":[{"number":"41","title":"Cotton gin","date":"1999-01-01",
                             "abstract":"From seeds, how others know them."}],
                 "geography":[{"city":"Portland","state":"ME","country":"US"},{"city":"London","country":"GB"}]}""", """
                {"id":"eve","name":"Eve","active":true}""").map(Sample::json).toList());
        IntStream.range(0, 35).mapToObj(i -> Sample.json("""
                        {"id":"twin%02d","name":"Twin","active":true,"functions":[{"code":"A23L","title":"Foods"}]}""".formatted(i))).forEach(people::add);
        INDEX.fill(people);
    }

    @ParameterizedTest
    @CsvSource({
        "Neural network accelerator with sparse weights, ada",
        "neural networks accelerators, ada",
        "processor skips multiplications zero pruned, ada",
        "accelerater for neurol network, ada",
        "static stores Kyoto, cy",
        "static stores zurich, ada",
        "man-made filaments kyoto, bob",
        "lindqvist, ada",
        "Lindkvist, ada",
        "ada lindqist, ada",
        "angstrom, bob",
        "second thread, bob",
        "cotton polyester separation, bob",
        "cotton polyestr, bob",
        "nordlys, ada",
        "D01F, bob",
        "21, bob",
        "fibre, bob",
        "Who here knows how to get the cotton out of our garments?, bob",
        "who's done something about multiplications in hospitals and schools, ada",
        "swinging accelerator, ada",
        "xylophone processor trailer lindqvist, ada",
        "does Lindqvist work on trailers, ada",
    })
    void findsFirst(String query, String id) {
        assertThat(ids(search(query))).startsWith(id);
    }

    @Test
    void findsAllWhoHaveAWordOfAQuestionAndFirstWhoHasMost() {
        assertThat(ids(search("who can pull cotton and polyester apart"))).containsExactly("bob", "dee");
        assertThat(ids(search("swinging cotton"))).containsExactlyInAnyOrder("bob", "dee");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xylophone", "swinging xylophone", "Who knows how others play the xylophone?"})
    void findsNobodyWhenNobodyHasAWord(String query) {
        JsonNode found = search(query);

        assertThat(found.get("total").intValue()).isZero();
        assertThat(found.get("hits")).isEmpty();
        assertThat(found.at("/facets/city")).isEmpty();
    }

    @Test
    void looksForWordsOfAQuestionWhenThereAreNoOthers() {
        assertThat(ids(search("how"))).containsExactly("dee");
    }

    @Test
    void findsEveryoneWhenNothingIsAsked() {
        JsonNode found = INDEX.search("{}");

        assertThat(found.get("total").intValue()).isEqualTo(40);
        assertThat(found.get("hits")).hasSize(10);
        // The latest patents are shown.
        JsonNode ada = hit(INDEX.search("{\"filters\":{\"city\":[\"Zürich\"]}}"), "ada");
        assertThat(ada.get("patents").findValuesAsText("number")).containsExactly("11", "12");
        assertThat(ada.get("patents").findValues("highlights")).allMatch(JsonNode::isEmpty);
    }

    @Test
    void showsAllThatTheContractPromises() {
        JsonNode ada = search("sparse weights").get("hits").get(0);

        assertThat(ada.get("score").doubleValue()).isPositive();
        JsonNode person = ((ObjectNode) ada.deepCopy()).without(List.of("score", "patents"));
        assertThat(person).isEqualTo(Sample.json("""
                        {"person":{"id":"ada","name":"Ada Lindqvist","active":true},
                         "place":{"city":"Zürich","country":"CH","since":"2018","until":"2021"},
                         "functions":[{"code":"G06N","title":"Computing based on models","patents":1},
                                      {"code":"G11C","title":"Static stores","patents":1}],
                         "memberships":[{"organization":"Nordlys Cell Works","since":"2015"}]}"""));
        assertThat(ada.get("patents").get(0)).isEqualTo(Sample.json("""
                {"number":"11","title":"Neural network accelerator with sparse weights","date":"2021-03-04",
                 "highlights":["Neural network accelerator with <em>sparse</em> <em>weights</em>",
                   "A processor skips multiplications by zero, and stores pruned <em>weights</em> in a \
                &lt;b&gt;compact&lt;&#x2F;b&gt; format &amp; more."]}"""));
    }

    @Test
    void someoneWithoutPatentsHasNoneToShow() {
        JsonNode found = search("static stores kyoto");

        assertThat(hit(found, "cy").get("patents")).isEmpty();
        JsonNode eve = search("eve").get("hits").get(0);
        assertThat(eve.get("place").isNull()).isTrue();
        assertThat(eve.get("functions")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"country\":[\"CH\"]} | ada",
                "{\"country\":[\"CH\",\"JP\"]} | ada bob cy",
                "{\"city\":[\"zurich\"]} | ada",
                "{\"city\":[\"Portland\"]} | ada dee",
                "{\"organization\":[\"NORDLYS cell works\"]} | ada",
                "{\"organization\":[\"Nordlys\"]} | ''",
                "{\"function\":[\"Static stores\"]} | ada cy",
                "{\"function\":[\"g11c\",\"Man-made filaments\"]} | ada bob cy",
                "{\"city\":[],\"function\":[\"G11C\"]} | ada cy",
                "{\"active\":false} | dee",
                "{\"city\":[\"Portland\"],\"active\":true} | ada",
                "{\"country\":[\"JP\"],\"function\":[\"G11C\"]} | cy",
                // Of one and the same place.
                "{\"country\":[\"GB\"],\"city\":[\"Portland\"]} | ''",
                "{\"country\":[\"US\"],\"city\":[\"Portland\"]} | ada dee",
                "{\"country\":[\"CH\"],\"organization\":[\"Nordlys Cell Works\"],\"function\":[\"G06N\"],\"city\":[\"Zürich\"]} | ada",
                "{\"country\":[\"CH\"],\"organization\":[\"Second Thread\"]} | ''",
                "{\"country\":[\"XX\"]} | ''"
            })
    void filters(String filters, String ids) {
        JsonNode found = INDEX.search("{\"filters\":" + filters + ",\"size\":100}");

        assertThat(String.join(" ", new TreeSet<>(ids(found)))).isEqualTo(ids);
        assertThat(found.get("total").intValue()).isEqualTo(found.get("hits").size());
    }

    @Test
    void filtersWhatAQueryFinds() {
        assertThat(ids(INDEX.search("{\"query\":\"cotton\"}"))).containsExactlyInAnyOrder("bob", "dee");
        assertThat(ids(INDEX.search("{\"query\":\"cotton\",\"filters\":{\"active\":true}}")))
                .containsExactly("bob");
    }

    @Test
    void countsPeopleForEachFilter() {
        assertThat(INDEX.search("{\"size\":0}").get("facets")).isEqualTo(Sample.json("""
                {"country":[{"value":"JP","count":2},{"value":"US","count":2},{"value":"CH","count":1},
                            {"value":"FR","count":1},{"value":"GB","count":1}],
                 "city":[{"value":"Kyoto","count":2},{"value":"Portland","count":2},{"value":"London","count":1},
                         {"value":"Paris","count":1},{"value":"Zürich","count":1}],
                 "organization":[{"value":"Nordlys Cell Works","count":1},{"value":"Second Thread","count":1}],
                 "function":[{"value":"Foods","count":35},{"value":"Static stores","count":2},
                             {"value":"Computing based on models","count":1},
                             {"value":"Man-made filaments","count":1}]}"""));
        assertThat(search("cotton").at("/facets/country").findValuesAsText("value"))
                .containsExactly("FR", "GB", "JP", "US");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"query\":\"foods\"", "\"query\":\"\"", "\"sort\":\"name\""})
    void pagesRepeatNobodyAndLeaveNobodyOut(String asked) {
        List<String> all = new ArrayList<>();
        for (int from = 0; from < 42; from += 7) {
            all.addAll(ids(INDEX.search("{%s,\"from\":%d,\"size\":7}".formatted(asked, from))));
        }

        Set<String> different = new TreeSet<>(all);
        assertThat(different).hasSameSizeAs(all);
        assertThat(all).hasSize(asked.contains("foods") ? 35 : 40);
        assertThat(ids(INDEX.search("{%s,\"from\":9900,\"size\":100}".formatted(asked))))
                .isEmpty();
    }

    @Test
    void sortsByNameWhateverTheCase() {
        JsonNode found = INDEX.search("{\"sort\":\"name\",\"size\":6}");

        assertThat(ids(found)).containsExactly("ada", "bob", "cy", "dee", "eve", "twin00");
        assertThat(found.get("hits").findValues("score")).allMatch(JsonNode::isNull);
    }

    /** None of them is more than text to look for; none of them fails. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"}},{\"match_all\":{}}",
                "a* OR _exists_:name",
                "/.*/ [a TO z] ~99999",
                "\\",
                "the of and",
                "عربي 中文 한국어 ไทย",
                "👩‍👩‍👧 x",
                "\u202eevil\u0000"
            })
    void oddTextFailsNothing(String text) {
        assertThat(search(text).get("total").isInt()).isTrue();
    }

    @Test
    void longTextFailsNothing() {
        for (String text : List.of(
                "a ".repeat(500),
                "x".repeat(1000),
                "中".repeat(1000),
                String.join(" ", IntStream.range(0, 250).mapToObj(i -> "w" + i).toList()),
                "neurol network accelarator ".repeat(37))) {
            assertThat(search(text).get("total").isInt()).isTrue();
        }
    }

    private static JsonNode search(String query) {
        return INDEX.search(
                JsonNodeFactory.instance.objectNode().put("query", query).toString());
    }

    private static List<String> ids(JsonNode found) {
        return StreamSupport.stream(found.get("hits").spliterator(), false)
                .map(hit -> hit.at("/person/id").textValue())
                .toList();
    }

    private static JsonNode hit(JsonNode found, String id) {
        return StreamSupport.stream(found.get("hits").spliterator(), false)
                .filter(hit -> hit.at("/person/id").textValue().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
