package org.colleaguesearch.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.colleaguesearch.delivery.IndexRequests;
import org.colleaguesearch.settings.Settings;
import org.opensearch.client.RestClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The people in the index. Stateless. */
@Component
class IndexedPeople {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectProvider<RestClient> client;
    private final String alias;

    /** @param client absent unless chunks are delivered to OpenSearch */
    IndexedPeople(ObjectProvider<RestClient> client, Settings settings) {
        this.client = client;
        this.alias = settings.opensearch().alias();
    }

    /** Starts to read the whole index, {@code limit} documents per page. */
    IndexScan scan(int limit) {
        return new IndexScan(requests(), alias, limit);
    }

    /**
     * Deletes documents by id.
     *
     * @throws IOException when one of them could not be deleted
     */
    void remove(List<String> ids) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String id : ids) {
            ObjectNode action = JSON.createObjectNode();
            action.putObject("delete").put("_id", id);
            lines.append(action).append('\n');
        }
        for (JsonNode item :
                requests().call("POST", "/" + alias + "/_bulk", lines).path("items")) {
            int status = item.at("/delete/status").asInt();
            // 404: already deleted.
            if (status >= 300 && status != 404) {
                throw new IOException(
                        "OpenSearch did not delete " + item.at("/delete/_id").asText() + ": "
                                + item.at("/delete/error/type").asText("HTTP " + status));
            }
        }
    }

    private IndexRequests requests() {
        return new IndexRequests(client.getObject());
    }
}
