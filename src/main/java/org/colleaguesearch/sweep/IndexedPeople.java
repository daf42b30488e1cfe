package org.colleaguesearch.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.colleaguesearch.settings.Settings;
import org.opensearch.client.Request;
import org.opensearch.client.RestClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The ids of the people in the index. Stateless. */
@Component
class IndexedPeople {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectProvider<RestClient> client;
    private final String alias;

    /** There is a client only where chunks are delivered to OpenSearch. */
    IndexedPeople(ObjectProvider<RestClient> client, Settings settings) {
        this.client = client;
        this.alias = settings.opensearch().alias();
    }

    /**
     * Ids in order.
     *
     * @param last the last one of the page before, or null for the first page
     * @return up to {@code limit}; none after the last page
     */
    List<String> after(String last, int limit) throws IOException {
        ObjectNode search = JSON.createObjectNode().put("size", limit).put("_source", false);
        search.putArray("sort").addObject().put("id", "asc");
        if (last == null) {
            call(new Request("POST", "/" + alias + "/_refresh"));
        } else {
            search.putArray("search_after").add(last);
        }
        Request request = new Request("POST", "/" + alias + "/_search");
        request.setJsonEntity(search.toString());
        List<String> ids = new ArrayList<>();
        call(request).at("/hits/hits").forEach(hit -> ids.add(hit.get("_id").textValue()));
        return ids;
    }

    /**
     * Removes the documents of some ids.
     *
     * @throws IOException when not all of them could be removed
     */
    void remove(List<String> ids) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String id : ids) {
            ObjectNode action = JSON.createObjectNode();
            action.putObject("delete").put("_id", id);
            lines.append(action).append('\n');
        }
        Request request = new Request("POST", "/" + alias + "/_bulk");
        request.setJsonEntity(lines.toString());
        for (JsonNode item : call(request).path("items")) {
            int status = item.at("/delete/status").asInt();
            // 404: somebody else was faster.
            if (status >= 300 && status != 404) {
                throw new IOException(
                        "OpenSearch did not remove " + item.at("/delete/_id").asText() + ": "
                                + item.at("/delete/error/type").asText("HTTP " + status));
            }
        }
    }

    private JsonNode call(Request request) throws IOException {
        try (InputStream body =
                client.getObject().performRequest(request).getEntity().getContent()) {
            return JSON.readTree(body);
        }
    }
}
