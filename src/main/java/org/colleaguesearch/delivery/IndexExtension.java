package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extends the mapping of an index in place, and indexes the items again that have new fields. What was declared is recorded
 * last, so that a start that was killed is repeated by the next one.
 */
record IndexExtension(IndexRequests requests, String index, IndexTask task) {
    private static final Logger LOG = LoggerFactory.getLogger(IndexExtension.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    void run(DeclaredMapping.Change change) throws IOException, InterruptedException {
        if (!change.properties().isEmpty()) {
            put(JSON.createObjectNode().set("properties", change.properties()));
            List<String> sections = new ArrayList<>();
            change.properties().fieldNames().forEachRemaining(sections::add);
            LOG.info("added fields of {} to the index {}", String.join(", ", sections), index);
        }
        for (String section : change.refilled()) {
            ObjectNode query = JSON.createObjectNode();
            query.withObject("/query/nested").put("path", section).withObject("/query/match_all");
            JsonNode done = task.runAll(
                    // A conflict means that someone has just written the document, with the new fields.
                    "/" + index + "/_update_by_query?conflicts=proceed&slices=auto&refresh=true",
                    query,
                    "indexing the " + section + " of " + index + " again",
                    status -> {});
            LOG.info("indexed the {} of {} people again", section, done.path("total"));
        }
        if (change.meta() != null) {
            put(JSON.createObjectNode().set("_meta", change.meta()));
        }
    }

    private void put(JsonNode mapping) throws IOException {
        requests.call("PUT", "/" + index + "/_mapping", mapping);
    }
}
