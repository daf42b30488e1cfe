package org.colleaguesearch.delivery;

import java.io.IOException;
import org.opensearch.client.RestClient;

/**
 * A client of its own for searches, so that neither they nor deliveries take the other's connections. It has a type of
 * its own, too, since Camel's component takes the only {@link RestClient} there is. Any thread may use it.
 */
public record SearchClient(RestClient client) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        client.close();
    }
}
