package org.colleaguesearch.delivery;

import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/** Says where chunks are to be delivered, for routes to ask. Immutable. */
@Component("deliveries")
public class Deliveries {
    private final Settings settings;

    Deliveries(Settings settings) {
        this.settings = settings;
    }

    public boolean toOpenSearch() {
        return settings.deliverTo().contains(Settings.Target.OPENSEARCH);
    }

    public boolean toCsv() {
        return settings.deliverTo().contains(Settings.Target.CSV);
    }

    /** Whether what a run fetches goes to OpenSearch: never that of an export. */
    public boolean isIndexed(String indexer) {
        return toOpenSearch() && !Indexer.EXPORT.equals(indexer);
    }

    /** Whether what a run fetches goes to files: always that of an export. */
    public boolean isWritten(String indexer) {
        return toCsv() || Indexer.EXPORT.equals(indexer);
    }
}
