package org.colleaguesearch.monitoring;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.runs.LastRuns;
import org.colleaguesearch.runs.Run;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** How the last run of each indexer since the start stands, with its counts. Down when one failed. */
@Component
class IndexersHealthIndicator implements HealthIndicator {
    private final Indexers indexers;
    private final LastRuns last;

    IndexersHealthIndicator(Indexers indexers, LastRuns last) {
        this.indexers = indexers;
        this.last = last;
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        for (Indexer indexer : indexers.all()) {
            Run run = last.run(indexer.name()).orElse(null);
            health.withDetail(indexer.name(), run == null ? Map.of("state", "never ran") : details(run));
            if (run != null && run.state() == Run.State.FAILED) {
                health.down();
            }
        }
        return health.build();
    }

    private static Map<String, Object> details(Run run) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("state", run.state().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        details.put("batch", run.batch().id());
        details.put("people", run.batch().people().size());
        details.put("urls", run.urls());
        details.put("documents", run.documents());
        details.put("rows", run.rows());
        details.put("errors", run.errors());
        if (run.failure() != null) {
            details.put("reason", run.failure());
        }
        return details;
    }
}
