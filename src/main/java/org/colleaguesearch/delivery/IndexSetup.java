package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.StartFailure;
import org.opensearch.client.Request;
import org.opensearch.client.ResponseException;
import org.opensearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;

/** Makes the index of people before anything is written to it: alias {@code colleagues} over {@code colleagues-v1}. */
final class IndexSetup {
    private static final Logger LOG = LoggerFactory.getLogger(IndexSetup.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RestClient client;
    private final Settings.OpenSearch settings;

    IndexSetup(RestClient client, Settings.OpenSearch settings) {
        this.client = client;
        this.settings = settings;
    }

    /**
     * Makes the index, with its mapping and alias, if there is nothing of the alias's name yet.
     *
     * @throws StartFailure when OpenSearch cannot be reached, or refuses
     */
    void run() {
        try {
            if (client.performRequest(new Request("HEAD", "/" + settings.alias()))
                            .getStatusLine()
                            .getStatusCode()
                    == 404) {
                create();
            }
        } catch (ResponseException e) {
            throw new StartFailure(
                    "OpenSearch at " + host() + " answers HTTP "
                            + e.getResponse().getStatusLine().getStatusCode() + " to the set-up of the index "
                            + settings.alias() + "; check colleagues.opensearch.username and password, and "
                            + settings.mapping().getDescription(),
                    e);
        } catch (IOException e) {
            throw new StartFailure(
                    "OpenSearch at " + host() + " cannot be reached (" + e.getMessage()
                            + "); check colleagues.opensearch.url",
                    e);
        }
    }

    private void create() throws IOException {
        String index = settings.alias() + "-v1";
        ObjectNode definition = definition();
        definition.putObject("aliases").putObject(settings.alias());
        Request request = new Request("PUT", "/" + index);
        request.setJsonEntity(definition.toString());
        client.performRequest(request);
        LOG.info("made the index {} with the alias {}", index, settings.alias());
    }

    private ObjectNode definition() {
        Resource mapping = settings.mapping();
        try (InputStream in = mapping.getInputStream()) {
            if (JSON.readTree(in) instanceof ObjectNode definition) {
                return definition;
            }
            throw new IOException("it is not a JSON object");
        } catch (IOException e) {
            throw new StartFailure(
                    "colleagues.opensearch.mapping: cannot read " + mapping.getDescription() + ": " + e.getMessage(),
                    e);
        }
    }

    private Object host() {
        return client.getNodes().get(0).getHost();
    }
}
