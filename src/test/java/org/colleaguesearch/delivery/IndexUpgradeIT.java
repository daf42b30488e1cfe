package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;
import org.colleaguesearch.embedded.SharedOpenSearch;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.indexing.SearchDeclaration;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.opensearch.client.Request;
import org.opensearch.client.ResponseException;
import org.opensearch.client.RestClient;
import org.springframework.boot.test.system.CapturedOutput;

/** Upgrades an index that has an older mapping, on a real OpenSearch. */
class IndexUpgradeIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RestClient CLIENT = RestClient.builder(HttpHost.create(SharedOpenSearch.url()))
            .setDefaultHeaders(new Header[] {
                new BasicHeader("Authorization", SharedOpenSearch.login().authorization())
            })
            .build();

    private static final DeclaredMapping SECTIONS = new DeclaredMapping(
            List.of(SearchDeclaration.read(
                    "geography", Map.of("search", "city", "filters", "city")::get, List.of("city"))),
            Set.of("geography"));

    @TempDir
    Path folder;

    @AfterAll
    static void close() throws IOException {
        CLIENT.close();
    }

    @Test
    void newIndexHasTheVersionOfItsMapping() throws IOException {
        setUp("it-new");

        assertThat(indices("it-new")).containsExactly("it-new-v3");
    }

    @Test
    void mappingWithoutVersionIsVersion1() throws IOException {
        Path mapping = mapping("{\"mappings\":{\"properties\":{\"id\":{\"type\":\"keyword\"}}}}");

        setUp("it-unversioned", "colleagues.opensearch.mapping=file:" + mapping);
        setUp("it-unversioned", "colleagues.opensearch.mapping=file:" + mapping);

        assertThat(indices("it-unversioned")).containsExactly("it-unversioned-v1");
    }

    @Test
    void copiesDocumentsOfAnOlderIndexUnchanged() throws IOException {
        Map<String, JsonNode> before = older("it-older", 1200);

        setUp("it-older");

        assertThat(indices("it-older")).containsExactly("it-older-v3");
        assertThat(documents("it-older")).isEqualTo(before);
        assertThat(exists("it-older-v1")).isFalse();
        // It accepts writes and has the newer mapping.
        put("it-older", "p0", "{\"id\":\"p0\",\"geography\":[{\"city\":\"Zürich\"}]}");
        assertThat(call("GET", "/it-older/_mapping", null)
                        .at("/it-older-v3/mappings/properties/geography/type")
                        .asText())
                .isEqualTo("nested");
    }

    @Test
    void emptyIndexIsReplaced() throws IOException {
        older("it-older-empty", 0);

        setUp("it-older-empty");

        assertThat(indices("it-older-empty")).containsExactly("it-older-empty-v3");
        assertThat(documents("it-older-empty")).isEmpty();
    }

    /** As after a crash: the older index is write-blocked, and some of its documents are in the newer one. */
    @Test
    void resumesAnInterruptedCopy() throws IOException {
        Map<String, JsonNode> before = older("it-cut-off", 20);
        call("PUT", "/it-cut-off-v1/_block/write", "");
        try (InputStream shipped = settings("it-cut-off").mapping().getInputStream()) {
            call("PUT", "/it-cut-off-v3", JSON.readTree(shipped).toString());
        }
        put("it-cut-off-v3", "p3", before.get("p3").toString());
        assertThat(documents("it-cut-off")).isEqualTo(before);

        setUp("it-cut-off");

        assertThat(indices("it-cut-off")).containsExactly("it-cut-off-v3");
        assertThat(documents("it-cut-off")).isEqualTo(before);
        put("it-cut-off", "p20", "{\"id\":\"p20\"}");
    }

    /** The state after an upgrade, or its undoing, was killed between two steps. */
    enum Left {
        MARK,
        BLOCK,
        EMPTY_COPY,
        HALF_A_COPY,
        HALF_A_COPY_OF_AN_EARLIER_RELEASE
    }

    @ParameterizedTest
    @EnumSource
    void olderMappingAcceptsWritesAgainAfterAnUpgradeWasKilled(Left left, CapturedOutput output) throws IOException {
        String alias = "it-killed-" + left.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Map<String, JsonNode> before = older(alias, 20);
        leave(left, alias, before);

        setUp(alias, former());

        assertTakesWrites(alias, before);
        assertThat(output).contains("the upgrade of the index " + alias + "-v1 to " + alias + "-v3 was interrupted");
    }

    @ParameterizedTest
    @EnumSource
    void newerMappingResumesAnUpgradeThatWasKilled(Left left) throws IOException {
        String alias = "it-goes-on-" + left.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Map<String, JsonNode> before = older(alias, 20);
        leave(left, alias, before);

        setUp(alias);

        assertThat(indices(alias)).containsExactly(alias + "-v3");
        assertThat(documents(alias)).isEqualTo(before);
        assertThat(exists(alias + "-v1")).isFalse();
        put(alias, "p20", "{\"id\":\"p20\"}");
        assertThat(meta(alias + "-v3").fieldNames()).toIterable().containsExactlyInAnyOrder("version", "declared");
    }

    /** The copy would have people who have left since. */
    @Test
    void discardsAnInterruptedCopyOnceTheIndexHasChanged() throws IOException {
        Map<String, JsonNode> before = older("it-stale", 20);
        leave(Left.HALF_A_COPY, "it-stale", before);
        setUp("it-stale", former());
        call("DELETE", "/it-stale/_doc/p3", null);
        before.remove("p3");

        setUp("it-stale");

        assertThat(indices("it-stale")).containsExactly("it-stale-v3");
        assertThat(documents("it-stale")).isEqualTo(before);
    }

    /** OpenSearch keeps copying after the application has died. */
    @Test
    void cancelsACopyThatOpenSearchIsStillRunning() throws IOException {
        Map<String, JsonNode> before = older("it-still-copied", 3000);
        CountDownLatch ending = new CountDownLatch(0);
        IndexUpgrade killed = new IndexUpgrade(
                new IndexRequests(CLIENT),
                "it-still-copied",
                "it-still-copied-v1",
                "it-still-copied-v3",
                Duration.ofMinutes(1),
                ending);
        ObjectNode definition = IndexDefinition.read(settings("it-still-copied").mapping());
        assertThatThrownBy(() -> killed.run(definition)).isInstanceOf(StartFailure.class);
        assertThatThrownBy(() -> put("it-still-copied", "p1", "{}")).hasMessageContaining("FORBIDDEN/8/index write");

        setUp("it-still-copied", former());

        assertTakesWrites("it-still-copied", before);
    }

    @Test
    void evenNewerMappingStartsANewCopy() throws IOException {
        Map<String, JsonNode> before = older("it-beyond", 20);
        leave(Left.HALF_A_COPY, "it-beyond", before);

        setUp(
                "it-beyond",
                "colleagues.opensearch.mapping=file:" + mapping("{\"mappings\":{\"_meta\":{\"version\":4}}}"));

        assertThat(indices("it-beyond")).containsExactly("it-beyond-v4");
        assertThat(documents("it-beyond")).isEqualTo(before);
        assertThat(exists("it-beyond-v3")).isFalse();
    }

    @Test
    void keepsAndReportsTheBlockOfAnAdministrator(CapturedOutput output) throws IOException {
        older("it-by-hand", 2);
        call("PUT", "/it-by-hand-v1/_block/write", "");
        // Neither is a copy: one has the name of another alias, the other was created by hand.
        call("PUT", "/it-by-hand-v2-v3", "{\"mappings\":{\"_meta\":{\"version\":3}}}");
        call("PUT", "/it-by-hand-v4", "{}");

        setUp("it-by-hand", former());

        assertThatThrownBy(() -> put("it-by-hand", "p1", "{}")).hasMessageContaining("FORBIDDEN/8/index write");
        assertThat(exists("it-by-hand-v2-v3")).isTrue();
        assertThat(exists("it-by-hand-v4")).isTrue();
        assertThat(output)
                .contains("the index it-by-hand-v1 is read-only because index.blocks.write was set by someone else; "
                        + Refusal.LIFT_BLOCK);
    }

    @Test
    void keepsTheBlockOfAnAdministratorWhenAnUpgradeIsUndone() throws IOException {
        Map<String, JsonNode> before = older("it-by-hand-before", 2);
        call("PUT", "/it-by-hand-before-v1/_block/write", "");
        call("PUT", "/it-by-hand-before-v1/_mapping", """
                {"_meta":{"upgrade_to":"it-by-hand-before-v3","blocked_before_upgrade":true}}""");

        setUp("it-by-hand-before", former());

        assertThatThrownBy(() -> put("it-by-hand-before", "p1", "{}")).hasMessageContaining("FORBIDDEN/8/index write");
        assertThat(documents("it-by-hand-before")).isEqualTo(before);
        assertThat(meta("it-by-hand-before-v1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "write, if no other instance is upgrading the index",
        "read_only, set the index's setting index.blocks.read_only to null",
        "read_only_allow_delete, free disk space on the OpenSearch nodes"
    })
    void refusalNamesTheBlockAndTheRemedy(String block, String remedy) throws IOException {
        String index = "it-block-" + block.replace('_', '-');
        call("PUT", "/" + index, "{}");
        call("PUT", "/" + index + "/_settings", "{\"index.blocks." + block + "\":true}");
        Request put = new Request("PUT", "/" + index + "/_doc/1");
        put.setJsonEntity("{}");
        try {
            CLIENT.performRequest(put);
            fail("it was written");
        } catch (ResponseException e) {
            Refusal refusal = Refusal.of(e);
            assertThat(refusal.blame()).isEqualTo(Refusal.Blame.TIME);
            assertThat(refusal.remedy()).startsWith(remedy);
        } finally {
            call("PUT", "/" + index + "/_settings", "{\"index.blocks." + block + "\":null}");
        }
    }

    private void leave(Left left, String alias, Map<String, JsonNode> documents) throws IOException {
        String older = "/" + alias + "-v1";
        String newer = "/" + alias + "-v3";
        if (left != Left.HALF_A_COPY_OF_AN_EARLIER_RELEASE) {
            call("PUT", older + "/_mapping", """
                    {"_meta":{"upgrade_to":"%s-v3","blocked_before_upgrade":false}}""".formatted(alias));
        }
        if (left != Left.MARK) {
            call("PUT", older + "/_block/write", "");
        }
        if (left.name().contains("COPY")) {
            try (InputStream shipped = settings(alias).mapping().getInputStream()) {
                call("PUT", newer, JSON.readTree(shipped).toString());
            }
        }
        if (left.name().contains("HALF")) {
            put(newer.substring(1), "p3", documents.get("p3").toString());
        }
    }

    /** A mapping without a version, which means version 1. */
    private String former() throws IOException {
        return "colleagues.opensearch.mapping=file:"
                + mapping("{\"mappings\":{\"properties\":{\"id\":{\"type\":\"keyword\"}}}}");
    }

    private static void assertTakesWrites(String alias, Map<String, JsonNode> before) throws IOException {
        assertThat(indices(alias)).containsExactly(alias + "-v1");
        assertThat(exists(alias + "-v3")).isFalse();
        assertThat(documents(alias)).isEqualTo(before);
        put(alias, "another", "{\"id\":\"another\"}");
        assertThat(meta(alias + "-v1")).isEmpty();
    }

    private static JsonNode meta(String index) throws IOException {
        JsonNode meta = call("GET", "/" + index + "/_mapping", null).at("/" + index + "/mappings/_meta");
        return meta.isMissingNode() ? JSON.createObjectNode() : meta;
    }

    @Test
    void severalInstancesMayUpgradeConcurrently() throws Exception {
        Map<String, JsonNode> before = older("it-several", 300);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> starts = IntStream.range(0, 3)
                    .<Future<?>>mapToObj(start -> threads.submit(() -> setUp("it-several")))
                    .toList();
            for (Future<?> start : starts) {
                start.get();
            }
        }

        assertThat(indices("it-several")).containsExactly("it-several-v3");
        assertThat(documents("it-several")).isEqualTo(before);
    }

    @Test
    void refusedDocumentFailsTheStartAndLeavesTheOlderIndexUnchanged() throws IOException {
        // The older mapping accepts any value, the newer one does not.
        call("PUT", "/it-refused-copy-v1", """
                {"mappings":{"properties":{"geography":{"type":"object","enabled":false}}},
                 "aliases":{"it-refused-copy":{}}}""");
        put("it-refused-copy", "p1", "{\"id\":\"p1\",\"geography\":[{\"city\":\"Zürich\"}]}");
        put("it-refused-copy", "odd", "{\"id\":\"odd\",\"geography\":\"Zürich\"}");
        Map<String, JsonNode> before = documents("it-refused-copy");

        assertThatThrownBy(() -> setUp("it-refused-copy"))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith(
                        "colleagues.opensearch.mapping: it-refused-copy-v3 cannot hold the document odd")
                .hasMessageContaining("delete it-refused-copy-v1");

        assertThat(indices("it-refused-copy")).containsExactly("it-refused-copy-v1");
        assertThat(exists("it-refused-copy-v3")).isFalse();
        assertThat(meta("it-refused-copy-v1")).isEmpty();
        put("it-refused-copy", "p1", before.get("p1").toString());
        assertThat(documents("it-refused-copy")).isEqualTo(before);
    }

    @Test
    void leavesOtherIndicesAlone() throws IOException {
        call("PUT", "/it-concrete", "{}");
        call("PUT", "/it-elsewhere-2020", "{\"aliases\":{\"it-elsewhere\":{}}}");
        call("PUT", "/it-newer-v7", "{\"aliases\":{\"it-newer\":{}}}");
        call("PUT", "/it-two-v1", "{\"aliases\":{\"it-two\":{}}}");
        call("PUT", "/it-two-a", "{\"aliases\":{\"it-two\":{}}}");

        for (String alias : List.of("it-concrete", "it-elsewhere", "it-newer", "it-two")) {
            setUp(alias);
        }

        assertThat(indices("it-concrete")).containsExactly("it-concrete");
        assertThat(indices("it-elsewhere")).containsExactly("it-elsewhere-2020");
        assertThat(indices("it-newer")).containsExactly("it-newer-v7");
        assertThat(indices("it-two")).containsExactlyInAnyOrder("it-two-a", "it-two-v1");
    }

    /** An index with documents, as the first version created it. */
    private static Map<String, JsonNode> older(String alias, int people) throws IOException {
        call("PUT", "/" + alias + "-v1", """
                {"settings":{"number_of_replicas":0},
                 "mappings":{"date_detection":false,"properties":{"id":{"type":"keyword"},"patents":{"type":"nested"}}},
                 "aliases":{"%s":{}}}""".formatted(alias));
        StringBuilder bulk = new StringBuilder();
        for (int i = 0; i < people; i++) {
            bulk.append("{\"index\":{\"_id\":\"p").append(i).append("\"}}\n");
            bulk.append("""
                    {"id":"p%1$d","name":"Person %1$d","active":true,"patents":[{"number":"%1$d","title":"T\\u0000 😀"}],\
                    "geography":[{"city":"Zürich","country":"CH"}],"publications":[{"title":"of another feed"}]}
                    """.formatted(i));
        }
        if (people > 0) {
            call("POST", "/" + alias + "/_bulk?refresh=true", bulk.toString());
        }
        return documents(alias);
    }

    private Path mapping(String json) throws IOException {
        return Files.writeString(folder.resolve("mapping.json"), json);
    }

    private static Settings.OpenSearch settings(String alias, String... others) {
        String[] all = new String[others.length + 2];
        all[0] = "colleagues.opensearch.alias=" + alias;
        all[1] = "colleagues.opensearch.patience=20s";
        System.arraycopy(others, 0, all, 2, others.length);
        return ShippedSettings.with(all).opensearch();
    }

    /** Runs the set-up of a start of the application. */
    private static void setUp(String alias, String... others) {
        // Other mappings lack the analyzers of declared fields.
        DeclaredMapping declared = others.length == 0 ? SECTIONS : new DeclaredMapping(List.of(), Set.of());
        new IndexSetup(CLIENT, settings(alias, others), declared, new MeaningSupport(ShippedSettings.with())).run();
    }

    private static List<String> indices(String alias) throws IOException {
        return JSON.convertValue(call("GET", "/" + alias, null), ObjectNode.class).properties().stream()
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean exists(String index) throws IOException {
        return CLIENT.performRequest(new Request("HEAD", "/" + index))
                        .getStatusLine()
                        .getStatusCode()
                == 200;
    }

    private static Map<String, JsonNode> documents(String index) throws IOException {
        call("POST", "/" + index + "/_refresh", "");
        Map<String, JsonNode> documents = new TreeMap<>();
        call("GET", "/" + index + "/_search?size=10000", null)
                .at("/hits/hits")
                .forEach(hit -> documents.put(hit.get("_id").textValue(), hit.get("_source")));
        return documents;
    }

    private static void put(String index, String id, String document) throws IOException {
        call("PUT", "/" + index + "/_doc/" + id, document);
    }

    private static JsonNode call(String method, String path, String body) throws IOException {
        Request request = new Request(method, path);
        if (body != null) {
            request.setJsonEntity(body);
        }
        try (InputStream answer = CLIENT.performRequest(request).getEntity().getContent()) {
            JsonNode json = JSON.readTree(answer);
            assertThat(json.path("errors").asBoolean()).isFalse();
            return json;
        } catch (ResponseException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }
}
