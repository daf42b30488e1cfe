package org.colleaguesearch.delivery;

import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/** Where chunks are delivered, for use in routes. Immutable. */
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

    public boolean toDatabase() {
        return settings.deliverTo().contains(Settings.Target.DATABASE);
    }

    /** Whether a run is delivered to OpenSearch; an export never is. */
    public boolean isIndexed(String indexer) {
        return toOpenSearch() && !Indexer.EXPORT.equals(indexer);
    }

    /** Whether a run is delivered to files; an export always is. */
    public boolean isWritten(String indexer) {
        return toCsv() || Indexer.EXPORT.equals(indexer);
    }
}
