package org.colleaguesearch.monitoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.CurrentRoutes;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.runs.Run;
import org.springframework.stereotype.Component;

/**
 * Counts what runs deliver, one chunk at a time; routes call it. Thread-safe: its only state is the registry's meters.
 */
@Component("runMetrics")
public class RunMetrics implements CamelContextConfiguration {
    static final String CHUNKS = "colleagues.chunks.in.flight";
    static final String DOCUMENTS = "colleagues.documents";
    static final String UNCHANGED = "colleagues.unchanged";
    static final String ROWS = "colleagues.rows";
    static final String ERRORS = "colleagues.errors";
    static final String RETRIES = "colleagues.retries";
    static final String DURATION = "colleagues.run.duration";

    /** The counters of each indexer, with their help texts. */
    private static final Map<String, String> COUNTERS = Map.of(
            DOCUMENTS, "Documents indexed",
            UNCHANGED, "Sections that were as before, and were not indexed again",
            ROWS, "CSV rows written",
            ERRORS, "URLs that failed, after all attempts",
            RETRIES, "Retried calls to the APIs");

    private static final String INDEXER = "indexer";

    private final MeterRegistry registry;
    private final CurrentRoutes routes;
    private final Deliveries deliveries;
    private final Activity activity;

    RunMetrics(MeterRegistry registry, CurrentRoutes routes, Deliveries deliveries, Activity activity) {
        this.registry = registry;
        this.routes = routes;
        this.deliveries = deliveries;
        this.activity = activity;
    }

    /** Counts a chunk that was delivered and marked as done. */
    public void delivered(ChunkOutcomes chunk) {
        String indexer = chunk.chunk().indexer();
        activity.note(chunk.chunk().batchId());
        Counts counts = Counts.of(chunk, deliveries.isIndexed(indexer), deliveries.isWritten(indexer));
        add(DOCUMENTS, indexer, counts.documents());
        add(UNCHANGED, indexer, counts.unchanged());
        add(ROWS, indexer, counts.rows());
        add(ERRORS, indexer, counts.errors());
        add(
                RETRIES,
                indexer,
                chunk.outcomes().stream().mapToLong(Outcome::attempts).sum()
                        - chunk.outcomes().size());
    }

    private void add(String name, String indexer, long number) {
        Counter.builder(name)
                .description(COUNTERS.get(name))
                .tag(INDEXER, indexer)
                .register(registry)
                .increment((double) number);
    }

    /** Records the duration of a run that has ended, in whatever state. */
    public void ended(Run run) {
        Timer.builder(DURATION)
                .description("Duration of runs until they ended or paused")
                .tag(INDEXER, run.indexer())
                .tag("state", run.state().toString())
                .register(registry)
                .record(run.duration());
    }

    /**
     * Camel counts the exchanges in flight of a route, which for an indexer's route are chunks. Counters start at 0.
     */
    @Override
    public void afterApplicationStart(CamelContext camel) {
        for (Indexer indexer : Indexers.in(camel)) {
            String name = indexer.name();
            // It exists already if the routes were edited live.
            if (registry.find(CHUNKS).tag(INDEXER, name).gauge() == null) {
                Gauge.builder(CHUNKS, () -> routes.inFlight("index-" + name))
                        .description("Chunks being fetched or delivered")
                        .tag(INDEXER, name)
                        .register(registry);
            }
            COUNTERS.keySet().forEach(counter -> add(counter, name, 0));
        }
    }

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        // The routes that define the indexers may still change.
    }
}
