package org.colleaguesearch.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.demo.DemoApi;
import org.colleaguesearch.demo.MadeUp;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiFailures;
import org.colleaguesearch.source.Apis;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Refuses a start that would add the made-up people of the demo to an index of real people. */
@Component
class DemoIndexCheck implements CamelContextConfiguration {
    private static final int PAGE = 1_000;

    private final ObjectProvider<DemoApi> demo;
    private final IndexedPeople index;
    private final Deliveries deliveries;
    private final String alias;

    /** @param started injected so that the demo API has already read its people */
    DemoIndexCheck(
            ObjectProvider<DemoApi> demo,
            @SuppressWarnings("unused") Apis started,
            IndexedPeople index,
            Deliveries deliveries,
            Settings settings) {
        this.demo = demo;
        this.index = index;
        this.deliveries = deliveries;
        this.alias = settings.opensearch().alias();
    }

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        DemoApi api = demo.getIfAvailable();
        if (api == null || !api.hasOnlyMadeUpPeople() || !deliveries.toOpenSearch()) {
            return;
        }
        List<String> real = real();
        if (!real.isEmpty()) {
            throw new StartFailure(
                    "colleagues.apis.default.base-url is not set, so the demo would add made-up people to the"
                            + " index " + alias + ", which has real people (" + Departed.some(real)
                            + "): set colleagues.apis.default.base-url, or set colleagues.demo.people to your own file; to try the demo,"
                            + " set another colleagues.opensearch.alias");
        }
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {
        // Too late: batches may have started.
    }

    /** Up to three real people, from the first page that has any. */
    private List<String> real() {
        List<String> real = new ArrayList<>();
        try (IndexScan scan = index.scan(PAGE)) {
            IndexScan.Page page;
            do {
                page = scan.next();
                page.people().stream()
                        .filter(id -> !MadeUp.is(id))
                        .sorted()
                        .limit(3)
                        .forEach(real::add);
            } while (real.isEmpty() && !page.isEmpty());
            return real;
        } catch (IOException e) {
            throw new StartFailure(
                    "cannot check the index " + alias + " for real people before starting the demo: "
                            + ApiFailures.reason(e) + "; check that OpenSearch is healthy",
                    e);
        }
    }
}
