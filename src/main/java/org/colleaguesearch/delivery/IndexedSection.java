package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.colleaguesearch.settings.Settings;
import org.opensearch.client.RestClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The section of an indexer in the documents of the index. Stateless. */
@Component
public class IndexedSection {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Documents per page: a page has the whole sections. */
    private static final int PAGE = 200;

    private final ObjectProvider<RestClient> client;
    private final Settings.OpenSearch settings;

    /** @param client absent unless chunks are delivered to OpenSearch */
    IndexedSection(ObjectProvider<RestClient> client, Settings settings) {
        this.client = client;
        this.settings = settings.opensearch();
    }

    /** The number of documents that have the section. Reads all of them: a query would not find empty sections. */
    public long count(String section) throws IOException {
        if (client.getIfAvailable() == null) {
            return 0;
        }
        requests().call("POST", "/" + settings.alias() + "/_refresh", null);
        ObjectNode search = JSON.createObjectNode().put("size", PAGE);
        search.putArray("sort").add("_doc");
        search.putArray("_source").add(section);
        JsonNode page = requests().call("POST", "/" + settings.alias() + "/_search?scroll=1m", search);
        long count = 0;
        ObjectNode scroll = JSON.createObjectNode().put("scroll", "1m");
        try {
            while (!page.at("/hits/hits").isEmpty()) {
                for (JsonNode hit : page.at("/hits/hits")) {
                    count += hit.path("_source").has(section) ? 1 : 0;
                }
                page = requests()
                        .call(
                                "POST",
                                "/_search/scroll",
                                scroll.put("scroll_id", page.path("_scroll_id").asText()));
            }
        } finally {
            requests()
                    .call(
                            "DELETE",
                            "/_search/scroll",
                            JSON.createObjectNode()
                                    .put("scroll_id", page.path("_scroll_id").asText()));
        }
        return count;
    }

    /**
     * Removes the section from all documents, in slices. Repeatable. The mapping keeps it, without values, until the index
     * is next copied. An ingest pipeline does it, because the embedded OpenSearch runs scripts in updates alone.
     *
     * @param progress gets the number of documents done
     * @throws IOException if OpenSearch cannot be reached, or fails
     */
    public void remove(String section, Consumer<Long> progress) throws IOException, InterruptedException {
        String pipeline = "colleague-search-remove-" + section.toLowerCase(Locale.ROOT);
        ObjectNode definition = JSON.createObjectNode();
        definition
                .putArray("processors")
                .addObject()
                .putObject("remove")
                .put("ignore_missing", true)
                .putArray("field")
                .add(section)
                .add("fetched." + section);
        requests().call("PUT", "/_ingest/pipeline/" + pipeline, definition);
        try {
            new IndexTask(requests(), settings.patience(), new CountDownLatch(1))
                    .runAll(
                            "/" + settings.alias() + "/_update_by_query?slices=auto&refresh=true&pipeline=" + pipeline,
                            JSON.createObjectNode(),
                            "removing " + section + " from the documents",
                            status -> progress.accept(status.path("updated").asLong()));
        } finally {
            requests().call("DELETE", "/_ingest/pipeline/" + pipeline, null);
        }
    }

    private IndexRequests requests() {
        return new IndexRequests(client.getObject());
    }
}
