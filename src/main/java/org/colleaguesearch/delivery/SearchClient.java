package org.colleaguesearch.delivery;

import java.io.IOException;
import org.opensearch.client.RestClient;

/**
 * A separate client for searches, so that searches and deliveries do not compete for connections. Wrapped in its own type,
 * since Camel's component needs a unique {@link RestClient} bean. Thread-safe.
 */
public record SearchClient(RestClient client) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        client.close();
    }
}
