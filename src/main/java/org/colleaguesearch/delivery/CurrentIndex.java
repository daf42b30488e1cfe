package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.colleaguesearch.settings.Settings;
import org.opensearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Which index the alias stands for. A section that another index has, such as one that was deleted, is not in this one.
 * Stateless.
 */
@Component
public class CurrentIndex {
    private static final Logger LOG = LoggerFactory.getLogger(CurrentIndex.class);

    private final ObjectProvider<RestClient> client;
    private final String alias;

    /** @param client absent unless chunks are delivered to OpenSearch */
    CurrentIndex(ObjectProvider<RestClient> client, Settings settings) {
        this.client = client;
        this.alias = settings.opensearch().alias();
    }

    /** The UUID of the index, which no other index ever has; empty if OpenSearch cannot say. */
    public Optional<String> uuid() {
        try {
            String uuid = new IndexRequests(client.getObject())
                    .call("GET", "/" + alias + "/_settings/index.uuid", null).findValues("uuid").stream()
                            .map(JsonNode::asText)
                            .sorted()
                            .collect(Collectors.joining(" "));
            return Optional.of(uuid).filter(known -> !known.isEmpty());
        } catch (IOException e) {
            LOG.debug("cannot identify the index {}", alias, e);
            return Optional.empty();
        }
    }
}
