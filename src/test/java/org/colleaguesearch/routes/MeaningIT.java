package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.meaning.Vectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the search finds by meaning, of a few people on a real OpenSearch, and how their texts get it. */
class MeaningIT {
    private static final SearchedIndex INDEX = new SearchedIndex("it-meaning");

    @RegisterExtension
    static final RouteApplication APPLICATION = INDEX.application();

    private static final String MEANING = "/patents/0/_meaning";

    @BeforeEach
    void fill() {
        INDEX.fill(Stream.of("""
                {"id":"ada","name":"Ada Lindqvist","active":true,
                 "patents":[
                  {"number":"11","title":"Preventing biofouling of membranes","date":"2021-03-04",
                   "abstract":"The housing is made of steel. Bacteria are killed by ultraviolet light before they settle."},
                  {"number":"12","title":"Memory controller","date":"2022-01-02","abstract":"Rows are refreshed in turn."}],
                 "geography":[{"city":"Kyoto","country":"JP"}]}""", """
                {"id":"bob","name":"Bob Ångström","active":true,
                 "patents":[{"number":"21","title":"Separating cotton from polyester","date":"2020-05-06",
                             "abstract":"Garments are shredded."}],
                 "geography":[{"city":"Paris","country":"FR"}]}""", """
                {"id":"cy","name":"Cy Neural","active":true,"patents":[{"number":"31"}]}""").map(Sample::json).toList());
    }

    @Test
    void questionWithoutACommonWordFindsThePersonAndSaysWhy() {
        INDEX.computeMeaning();

        JsonNode hits = search("{\"query\":\"how do I get rid of germs in a water filter?\"}");

        assertThat(hits.at("/0/person/id").textValue()).isEqualTo("ada");
        assertThat(hits.at("/0/patents/0/number").textValue()).isEqualTo("11");
        assertThat(hits.at("/0/patents/0/nearest/sentence").textValue())
                .isEqualTo("Bacteria are killed by ultraviolet light before they settle.");
        assertThat(hits.at("/0/patents/0/nearest/similarity").doubleValue()).isBetween(0.25, 1.0);
        assertThat(hits.at("/0/patents/0").has("abstract")).isFalse();
        assertThat(hits.at("/0/patents/0").has("_meaning")).isFalse();
        assertThat(hits.at("/0/patents/1").has("nearest")).isFalse();
    }

    @Test
    void textsWithoutTheirMeaningAreFoundByWordsMeanwhile() {
        JsonNode hits = search("{\"query\":\"biofouling in a water filter\"}");

        assertThat(hits).hasSize(1);
        assertThat(hits.at("/0/person/id").textValue()).isEqualTo("ada");
        assertThat(search("{\"query\":\"getting rid of germs\"}")).isEmpty();
    }

    @Test
    void whoeverHasTheWordsComesBeforeWhoeverIsOnlyNear() {
        INDEX.computeMeaning();

        JsonNode hits = search("{\"query\":\"cotton\",\"explain\":true}");

        assertThat(hits.at("/0/person/id").textValue()).isEqualTo("bob");
        assertThat(hits.at("/0/score_parts/meaning").doubleValue()).isZero();
        assertThat(hits.at("/0/score_parts/words").doubleValue())
                .isEqualTo(hits.at("/0/score").doubleValue());
        assertThat(hits.at("/0/matches").findValuesAsText("field")).contains("patents.title");
    }

    @Test
    void partsOfTheScoreAddUp() {
        INDEX.computeMeaning();

        JsonNode hit = search("{\"query\":\"killing germs with lamps to keep a filter clean\",\"explain\":true}")
                .get(0);

        assertThat(hit.at("/score_parts/meaning").doubleValue()).isPositive();
        assertThat(hit.at("/score_parts/meaning").doubleValue()
                        + hit.at("/score_parts/words").doubleValue())
                .isEqualTo(hit.get("score").doubleValue(), within(0.001));
    }

    @Test
    void filterHoldsForMeaning() {
        INDEX.computeMeaning();
        String query = "\"query\":\"how do I get rid of germs in a water filter?\"";

        JsonNode there = INDEX.search("{%s,\"filters\":{\"country\":[\"JP\"]}}".formatted(query));
        JsonNode elsewhere = INDEX.search("{%s,\"filters\":{\"country\":[\"FR\"]}}".formatted(query));

        assertThat(there.get("total").intValue()).isEqualTo(1);
        assertThat(there.at("/hits/0/person/id").textValue()).isEqualTo("ada");
        assertThat(there.at("/facets/country/0/value").textValue()).isEqualTo("JP");
        assertThat(elsewhere.get("total").intValue()).isZero();
    }

    @Test
    void meaningIsComputedOnceAndOnlyOfItemsWithTexts() {
        INDEX.computeMeaning();
        JsonNode before = source("ada");
        JsonNode version = version("ada");

        INDEX.computeMeaning();

        assertThat(before.at(MEANING + "/vector")).hasSize(384);
        assertThat(before.at("/patents/1/_meaning/vector")).hasSize(384);
        assertThat(source("cy").at(MEANING).isMissingNode()).isTrue();
        assertThat(version("ada")).isEqualTo(version);
    }

    /** OpenSearch sees a text where there is nothing to read. */
    @Test
    void textWithoutWordsIsNotLeftToDoForEver() throws IOException {
        INDEX.fill(List.of(Sample.json("""
                {"id":"dee","name":"Dee","active":true,
                 "patents":[{"number":"41","title":" ","abstract":null},{"number":"42","title":[["Nested"]]}]}""")));

        INDEX.computeMeaning();

        assertThat(APPLICATION.bean(Vectors.class).first()).isEmpty();
        assertThat(source("dee").at("/patents/1/_meaning/vector")).hasSize(384);
        assertThat(search("{\"query\":\"how do I get rid of germs in a water filter?\"}"))
                .isEmpty();
    }

    @Test
    void meaningOfOtherFieldsIsComputedAgain() throws IOException {
        INDEX.computeMeaning();
        INDEX.call("POST", "/it-meaning/_update/bob?refresh=true", """
                {"doc":{"patents":[{"number":"21","title":"Separating cotton from polyester",
                  "_meaning":{"by":"all-minilm-l6-v2-q abstract,title","vector":%s}}]}}""".formatted(Collections.nCopies(384, 1)));

        INDEX.computeMeaning();

        assertThat(source("bob").at(MEANING + "/by").textValue()).endsWith(" title,abstract");
        assertThat(source("bob").at(MEANING + "/vector/0").intValue()).isNotEqualTo(1);
    }

    /** Otherwise what was delivered meanwhile would be lost. */
    @Test
    void personWhoChangesMeanwhileIsDoneAgain() throws IOException {
        Vectors vectors = APPLICATION.bean(Vectors.class);
        List<Vectors.Pending> page = vectors.first();
        INDEX.call("POST", "/it-meaning/_update/ada?refresh=true", """
                {"doc":{"patents":[{"number":"13","title":"Ultraviolet lamp"}]}}""");

        APPLICATION.send("send-bulk", page.stream().map(vectors::update).toList());

        assertThat(source("ada").at("/patents/0/number").textValue()).isEqualTo("13");
        assertThat(source("ada").at(MEANING).isMissingNode()).isTrue();
        INDEX.computeMeaning();
        assertThat(source("ada").at(MEANING + "/vector")).hasSize(384);
        assertThat(source("bob").at(MEANING + "/vector")).hasSize(384);
    }

    private static JsonNode search(String request) {
        return INDEX.search(request).get("hits");
    }

    private static JsonNode version(String id) {
        return INDEX.call("GET", "/it-meaning/_doc/" + id, null).get("_version");
    }

    private static JsonNode source(String id) {
        return INDEX.call("GET", "/it-meaning/_doc/" + id, null).get("_source");
    }
}
