package org.colleaguesearch.delivery;

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
}
