package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hc.core5.util.Timeout;
import org.colleaguesearch.embedded.SharedOpenSearch;
import org.colleaguesearch.indexing.SearchDeclaration;
import org.colleaguesearch.indexing.Searched;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.opensearch.client.Request;
import org.opensearch.client.RestClient;

/** What a start does to an index whose indexers declare other fields than before. */
class DeclaredMappingIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RestClient CLIENT = OpenSearchConfiguration.client(
            SharedOpenSearch.url(),
            settings("any")
                    .at(
                            SharedOpenSearch.url(),
                            SharedOpenSearch.login().user(),
                            SharedOpenSearch.login().password()),
            5,
            Timeout.ofSeconds(30));

    private static final MeaningSupport MEANING = new MeaningSupport(ShippedSettings.with());

    private static final String VECTOR =
            "{\"title\":\"Rivers\",\"_meaning\":{\"vector\":" + Collections.nCopies(384, 1) + "}}";

    private static final Searched TITLE = works(Map.of("search", "title"));

    @AfterAll
    static void close() throws IOException {
        CLIENT.close();
    }

    @Test
    void newSectionIsAddedInPlace() throws IOException {
        setUp("it-added");
        put("it-added", "{\"id\":\"1\",\"name\":\"Ada\"}");

        setUp("it-added", works(Map.of("search", "title^2, venue", "filters", "venue, year")));
        put("it-added", "{\"id\":\"1\",\"works\":[{\"title\":\"Rivers\",\"venue\":\"Letters\",\"year\":2021}]}");

        assertThat(index("it-added")).isEqualTo("it-added-v3");
        assertThat(found("it-added", "works.title", "river")).isEqualTo(1);
        assertThat(found("it-added", "works.venue.filter", "LETTERS")).isEqualTo(1);
        assertThat(found("it-added", "works.year.filter", "2021")).isEqualTo(1);
        assertThat(meta("it-added").path("works"))
                .isEqualTo(JSON.readTree("{\"title\":\"TITLE\",\"venue\":\"NAME\",\"year\":\"EXACT\"}"));
    }

    @Test
    void itemsOfEarlierRunsAreFoundByANewField() throws IOException {
        setUp("it-refilled", TITLE);
        put("it-refilled", "{\"id\":\"1\",\"works\":[{\"title\":\"Rivers\",\"abstract\":\"Braided\"}]}");
        assertThat(found("it-refilled", "works.abstract", "braided")).isZero();

        setUp("it-refilled", works(Map.of("search", "title, abstract")));

        assertThat(index("it-refilled")).isEqualTo("it-refilled-v3");
        assertThat(found("it-refilled", "works.abstract", "braided")).isEqualTo(1);
    }

    @Test
    void startAfterAKillIndexesTheItemsAgain() throws IOException {
        setUp("it-killed-refill", TITLE);
        put("it-killed-refill", "{\"id\":\"1\",\"works\":[{\"title\":\"Rivers\",\"abstract\":\"Braided\"}]}");
        // The mapping is extended, but not recorded.
        call("PUT", "/it-killed-refill/_mapping", """
                {"properties":{"works":{"type":"nested","properties":{
                   "abstract":{"type":"text","analyzer":"words","search_analyzer":"words_asked","index_options":"offsets",
                               "store":true,"copy_to":"_everything"}}}}}""");

        setUp("it-killed-refill", works(Map.of("search", "title, abstract")));

        assertThat(found("it-killed-refill", "works.abstract", "braided")).isEqualTo(1);
    }

    @Test
    void sectionThatWasNotSearchedIsCopied() throws IOException {
        setUp("it-undeclared");
        put("it-undeclared", "{\"id\":\"1\",\"works\":[{\"title\":\"Rivers\"}],\"notes\":[{\"text\":\"kept\"}]}");

        setUp("it-undeclared", TITLE);

        assertThat(index("it-undeclared")).isEqualTo("it-undeclared-v3.1");
        assertThat(found("it-undeclared", "works.title", "river")).isEqualTo(1);
        assertThat(call("GET", "/it-undeclared/_doc/1", null)
                        .at("/_source/notes/0/text")
                        .asText())
                .isEqualTo("kept");
        // The copy is written to, and is not copied again.
        put("it-undeclared", "{\"id\":\"2\",\"works\":[]}");
        setUp("it-undeclared", TITLE);
        assertThat(index("it-undeclared")).isEqualTo("it-undeclared-v3.1");
    }

    @Test
    void eachOtherUseOfAFieldIsCopied() throws IOException {
        setUp("it-changed", TITLE);
        put("it-changed", "{\"id\":\"1\",\"works\":[{\"title\":\"Rivers\"}]}");

        setUp("it-changed", works(Map.of("search", "title", "filters", "title")));
        assertThat(index("it-changed")).isEqualTo("it-changed-v3.1");
        assertThat(found("it-changed", "works.title.filter", "RIVERS")).isEqualTo(1);

        setUp("it-changed", works(Map.of("filters", "title")));
        assertThat(index("it-changed")).isEqualTo("it-changed-v3.2");
        assertThat(everything("it-changed", "rivers")).isZero();

        // The indexer is still there, but is no longer searched.
        new IndexSetup(CLIENT, settings("it-changed"), new DeclaredMapping(List.of(), Set.of("works")), MEANING).run();
        assertThat(index("it-changed")).isEqualTo("it-changed-v3.3");
        assertThat(meta("it-changed").isMissingNode()).isTrue();
    }

    @Test
    void indexWithoutVectorsIsCopiedWhenTextsAreSearchedByMeaning() throws IOException {
        setUp("it-meant", TITLE);
        put("it-meant", "{\"id\":\"1\",\"works\":[{\"title\":\"Rivers\"}]}");
        Searched meant = works(Map.of("search", "title", "meaning", "title"));
        assertThat(setup("it-meant", meant).extend()).isFalse();

        setUp("it-meant", meant);

        assertThat(index("it-meant")).isEqualTo("it-meant-v3.1");
        assertThat(found("it-meant", "works.title", "river")).isEqualTo(1);
        // No longer, and again: the index keeps its place for vectors.
        setUp("it-meant", TITLE);
        setUp("it-meant", meant);
        assertThat(index("it-meant")).isEqualTo("it-meant-v3.1");
    }

    @Test
    void meaningIsAddedInPlaceWhereOthersHaveIt() throws IOException {
        Searched talks =
                SearchDeclaration.read("talks", Map.of("search", "title", "meaning", "title")::get, List.of("title"));
        setUp("it-also-meant", TITLE, talks);

        setUp("it-also-meant", works(Map.of("search", "title", "meaning", "title")), talks);

        put("it-also-meant", "{\"id\":\"1\",\"works\":[%s]}".formatted(VECTOR));
        assertThat(index("it-also-meant")).isEqualTo("it-also-meant-v3");
        assertThat(call("GET", "/it-also-meant", null)
                        .at("/it-also-meant-v3/mappings/properties/works/properties/_meaning"))
                .isNotEmpty();
    }

    /** A field of a person can have one vector at most. */
    @Test
    void itemsThatAreAlsoInThePersonHaveAMeaningEach() throws IOException {
        setUp("it-filtered-meant", works(Map.of("search", "title", "filters", "year", "meaning", "title")));

        put("it-filtered-meant", "{\"id\":\"1\",\"works\":[%s,%s]}".formatted(VECTOR, VECTOR));

        assertThat(found("it-filtered-meant", "works.title", "river")).isEqualTo(1);
    }

    @Test
    void withoutMeaningTheIndexHasNoPlaceForIt() throws IOException {
        MeaningSupport off = new MeaningSupport(ShippedSettings.with("colleagues.search.meaning=off"));
        Searched meant = works(Map.of("search", "title", "meaning", "title"));

        new IndexSetup(CLIENT, settings("it-words"), new DeclaredMapping(List.of(meant), Set.of("works")), off).run();

        assertThat(off.isOn()).isFalse();
        assertThat(call("GET", "/it-words", null).findValue("_meaning")).isNull();
        put("it-words", "{\"id\":\"1\",\"works\":[%s]}".formatted(VECTOR));
    }

    @Test
    void removedIndexerChangesNothing() throws IOException {
        setUp("it-gone", TITLE);
        put("it-gone", "{\"id\":\"1\",\"works\":[{\"title\":\"Rivers\"}]}");

        setUp("it-gone");

        assertThat(index("it-gone")).isEqualTo("it-gone-v3");
        assertThat(found("it-gone", "works.title", "river")).isEqualTo(1);
    }

    @Test
    void runningApplicationTakesOnlyWhatNeedsNoWork() throws IOException {
        setUp("it-live");
        Searched talks = SearchDeclaration.read("talks", Map.of("search", "title")::get, List.of("title"));

        assertThat(setup("it-live", TITLE).extend()).isTrue();
        put("it-live", "{\"id\":\"1\",\"works\":[{\"title\":\"Rivers\"}],\"talks\":[{\"title\":\"Deltas\"}]}");

        assertThat(found("it-live", "works.title", "river")).isEqualTo(1);
        assertThat(setup("it-live", TITLE, talks).extend()).isFalse();
        assertThat(setup("it-live", works(Map.of("search", "title, venue"))).extend())
                .isFalse();
        assertThat(setup("it-live", TITLE).extend()).isTrue();
        assertThat(setup("it-no-index", TITLE).extend()).isFalse();
        assertThat(index("it-live")).isEqualTo("it-live-v3");
    }

    private static Searched works(Map<String, String> parameters) {
        return SearchDeclaration.read("works", parameters::get, List.of("title"));
    }

    private static IndexSetup setup(String alias, Searched... sections) {
        Set<String> indexers = new HashSet<>();
        List.of(sections).forEach(section -> indexers.add(section.section()));
        return new IndexSetup(CLIENT, settings(alias), new DeclaredMapping(List.of(sections), indexers), MEANING);
    }

    private static void setUp(String alias, Searched... sections) {
        setup(alias, sections).run();
    }

    private static Settings.OpenSearch settings(String alias) {
        return ShippedSettings.with("colleagues.opensearch.alias=" + alias, "colleagues.opensearch.patience=20s")
                .opensearch();
    }

    private static void put(String alias, String document) throws IOException {
        call("PUT", "/" + alias + "/_doc/" + JSON.readTree(document).get("id").asText() + "?refresh=true", document);
    }

    private static int found(String alias, String field, String text) throws IOException {
        return call("POST", "/" + alias + "/_search", """
                        {"query":{"nested":{"path":"works","ignore_unmapped":true,"query":{"match":{"%s":"%s"}}}}}""".formatted(field, text))
                .at("/hits/total/value")
                .asInt();
    }

    private static int everything(String alias, String text) throws IOException {
        return call("POST", "/" + alias + "/_search", "{\"query\":{\"match\":{\"_everything\":\"" + text + "\"}}}")
                .at("/hits/total/value")
                .asInt();
    }

    private static String index(String alias) throws IOException {
        return call("GET", "/_alias/" + alias, null).fieldNames().next();
    }

    private static JsonNode meta(String alias) throws IOException {
        return call("GET", "/" + alias, null).at("/" + index(alias) + "/mappings/_meta/declared");
    }

    private static JsonNode call(String method, String path, String body) throws IOException {
        Request request = new Request(method, path);
        if (body != null) {
            request.setJsonEntity(body);
        }
        try (InputStream answer = CLIENT.performRequest(request).getEntity().getContent()) {
            return JSON.readTree(answer);
        }
    }
}
