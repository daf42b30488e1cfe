package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hc.core5.http.HttpHost;
import org.colleaguesearch.embedded.SharedOpenSearch;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.colleaguesearch.settings.StartFailure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opensearch.client.Request;
import org.opensearch.client.ResponseException;
import org.opensearch.client.RestClient;

/** What becomes of an index that was made with the mapping of an earlier version, on a real OpenSearch. */
class IndexUpgradeIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RestClient CLIENT =
            RestClient.builder(HttpHost.create(SharedOpenSearch.url())).build();

    @TempDir
    Path folder;

    @AfterAll
    static void close() throws IOException {
        CLIENT.close();
    }

    @Test
    void newIndexHasTheVersionOfItsMapping() throws IOException {
        setUp("it-new");

        assertThat(indices("it-new")).containsExactly("it-new-v2");
    }

    @Test
    void mappingWithoutVersionIsTheFirst() throws IOException {
        Path mapping = mapping("{\"mappings\":{\"properties\":{\"id\":{\"type\":\"keyword\"}}}}");

        setUp("it-unversioned", "colleagues.opensearch.mapping=file:" + mapping);
        setUp("it-unversioned", "colleagues.opensearch.mapping=file:" + mapping);

        assertThat(indices("it-unversioned")).containsExactly("it-unversioned-v1");
    }

    @Test
    void documentsOfAnOlderIndexAreCopiedAsTheyAre() throws IOException {
        Map<String, JsonNode> before = older("it-older", 1200);

        setUp("it-older");

        assertThat(indices("it-older")).containsExactly("it-older-v2");
        assertThat(documents("it-older")).isEqualTo(before);
        assertThat(exists("it-older-v1")).isFalse();
        // It can be written to, and has the newer mapping.
        put("it-older", "p0", "{\"id\":\"p0\",\"geography\":[{\"city\":\"Zürich\"}]}");
        assertThat(call("GET", "/it-older/_mapping", null)
                        .at("/it-older-v2/mappings/properties/geography/type")
                        .asText())
                .isEqualTo("nested");
    }

    @Test
    void emptyIndexIsReplaced() throws IOException {
        older("it-older-empty", 0);

        setUp("it-older-empty");

        assertThat(indices("it-older-empty")).containsExactly("it-older-empty-v2");
        assertThat(documents("it-older-empty")).isEmpty();
    }

    /** As after a crash: the older index takes no writes, and a part of its documents is in the newer. */
    @Test
    void goesOnWhereItWasCutOff() throws IOException {
        Map<String, JsonNode> before = older("it-cut-off", 20);
        call("PUT", "/it-cut-off-v1/_block/write", "");
        try (InputStream shipped = settings("it-cut-off").mapping().getInputStream()) {
            call("PUT", "/it-cut-off-v2", JSON.readTree(shipped).toString());
        }
        put("it-cut-off-v2", "p3", before.get("p3").toString());
        assertThat(documents("it-cut-off")).isEqualTo(before);

        setUp("it-cut-off");

        assertThat(indices("it-cut-off")).containsExactly("it-cut-off-v2");
        assertThat(documents("it-cut-off")).isEqualTo(before);
        put("it-cut-off", "p20", "{\"id\":\"p20\"}");
    }

    @Test
    void severalMayDoItAtTheSameTime() throws Exception {
        Map<String, JsonNode> before = older("it-several", 300);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> starts = IntStream.range(0, 3)
                    .<Future<?>>mapToObj(start -> threads.submit(() -> setUp("it-several")))
                    .toList();
            for (Future<?> start : starts) {
                start.get();
            }
        }

        assertThat(indices("it-several")).containsExactly("it-several-v2");
        assertThat(documents("it-several")).isEqualTo(before);
    }

    @Test
    void whatTheNewerIndexCannotHoldEndsTheStartAndLeavesTheOlderAsItWas() throws IOException {
        // It takes anything there, and the newer one does not.
        call("PUT", "/it-refused-copy-v1", """
                {"mappings":{"properties":{"geography":{"type":"object","enabled":false}}},
                 "aliases":{"it-refused-copy":{}}}""");
        put("it-refused-copy", "p1", "{\"id\":\"p1\",\"geography\":[{\"city\":\"Zürich\"}]}");
        put("it-refused-copy", "odd", "{\"id\":\"odd\",\"geography\":\"Zürich\"}");
        Map<String, JsonNode> before = documents("it-refused-copy");

        assertThatThrownBy(() -> setUp("it-refused-copy"))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith(
                        "colleagues.opensearch.mapping: it-refused-copy-v2 cannot hold the document odd")
                .hasMessageContaining("delete it-refused-copy-v1");

        assertThat(indices("it-refused-copy")).containsExactly("it-refused-copy-v1");
        assertThat(exists("it-refused-copy-v2")).isFalse();
        put("it-refused-copy", "p1", before.get("p1").toString());
        assertThat(documents("it-refused-copy")).isEqualTo(before);
    }

    @Test
    void leavesOthersAlone() throws IOException {
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

    /** An index as the first version made it, with its documents. */
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

    /** As each start of the application does. */
    private static void setUp(String alias, String... others) {
        new IndexSetup(CLIENT, settings(alias, others)).run();
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
