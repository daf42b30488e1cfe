package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Whether texts are compared by their meaning: unless it is off, and if OpenSearch has the plugin that keeps vectors. Written
 * when the index is set up or extended, by one thread at a time; read by any.
 */
@Component
public class MeaningSupport {
    private static final Logger LOG = LoggerFactory.getLogger(MeaningSupport.class);
    private static final String PLUGIN = "opensearch-knn";

    private final boolean isWanted;
    private volatile Boolean isAvailable;

    MeaningSupport(Settings settings) {
        this.isWanted = settings.search().meaning();
    }

    public boolean isOn() {
        return Boolean.TRUE.equals(isAvailable);
    }

    /** Asks OpenSearch, and says once if words alone are compared. */
    boolean find(IndexRequests requests) throws IOException {
        boolean found = isWanted && hasPlugin(requests);
        if (!found && isAvailable == null) {
            LOG.info(
                    "searches compare words alone, not meaning: {}",
                    isWanted
                            ? "OpenSearch lacks the plugin " + PLUGIN + "; install it and restart"
                            : "colleagues.search.meaning is off");
        }
        isAvailable = found;
        return found;
    }

    private static boolean hasPlugin(IndexRequests requests) throws IOException {
        for (JsonNode plugin : requests.call("GET", "/_cat/plugins?format=json&h=component", null)) {
            if (plugin.path("component").asText().equals(PLUGIN)) {
                return true;
            }
        }
        return false;
    }
}
