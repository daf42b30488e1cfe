package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Secret;
import org.springframework.core.io.Resource;

/** Reads the settings and mapping of a new index from a JSON file. */
public final class IndexDefinition {
    private static final ObjectMapper JSON = new ObjectMapper();

    private IndexDefinition() {}

    /**
     * Reads the settings and mapping of a new index.
     *
     * @throws StartFailure if the file is missing or not a JSON object
     */
    public static ObjectNode read(Resource mapping) {
        try (InputStream in = mapping.getInputStream()) {
            if (JSON.readTree(in) instanceof ObjectNode definition) {
                return definition;
            }
            throw new IOException("not a JSON object");
        } catch (IOException e) {
            throw new StartFailure(
                    "colleagues.opensearch.mapping: cannot read " + Secret.hiddenIn(mapping.getDescription()) + ": "
                            + Secret.hiddenIn(Causes.line(e)),
                    e);
        }
    }
}
