package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Secret;
import org.springframework.core.io.Resource;

/** The settings and mapping of a new index, a JSON object in a file. */
public final class IndexDefinition {
    private static final ObjectMapper JSON = new ObjectMapper();

    private IndexDefinition() {}

    /**
     * Reads it.
     *
     * @throws StartFailure when the file is not there, or is something else
     */
    public static ObjectNode read(Resource mapping) {
        try (InputStream in = mapping.getInputStream()) {
            if (JSON.readTree(in) instanceof ObjectNode definition) {
                return definition;
            }
            throw new IOException("it is not a JSON object");
        } catch (IOException e) {
            throw new StartFailure(
                    "colleagues.opensearch.mapping: cannot read " + Secret.hiddenIn(mapping.getDescription()) + ": "
                            + Secret.hiddenIn(Causes.line(e)),
                    e);
        }
    }
}
