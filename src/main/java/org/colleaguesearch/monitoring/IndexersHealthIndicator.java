package org.colleaguesearch.monitoring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.settings.Settings;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/**
 * The state and counts of the last run of each indexer. Down if a run is paused, failed or abandoned; degraded if it holds
 * outcomes, or if a large part of its URLs failed.
 */
@Component
class IndexersHealthIndicator implements HealthIndicator {
    /** The application works, but someone should look. */
    static final Status DEGRADED = new Status("DEGRADED");

    private static final Set<State> UNHEALTHY = Set.of(State.PAUSED, State.FAILED, State.ABANDONED);

    private final Indexers indexers;
    private final Ledger ledger;
    private final Lease lease;
    private final double maxFailedShare;

    IndexersHealthIndicator(Indexers indexers, Ledger ledger, Lease lease, Settings settings) {
        this.maxFailedShare = settings.guard().maxFailedShare();
        this.lease = lease;
        this.indexers = indexers;
        this.ledger = ledger;
    }

    @Override
    public Health health() {
        return DatabaseHealthIndicator.ofLedger(lease, this::ofLastRuns);
    }

    private Health ofLastRuns() {
        Map<String, RunEntry> last =
                ledger.newestRuns().stream().collect(Collectors.toMap(RunEntry::indexer, Function.identity()));
        Health.Builder health = Health.up();
        boolean isDown = false;
        boolean isDegraded = false;
        for (Indexer indexer : indexers.all()) {
            RunEntry run = last.get(indexer.name());
            health.withDetail(indexer.name(), run == null ? Map.of("state", "never ran") : details(run));
            isDown |= run != null && UNHEALTHY.contains(run.state());
            isDegraded |= run != null && (run.state() == State.HELD || hasMostlyFailed(run));
        }
        if (isDown) {
            health.down();
        } else if (isDegraded) {
            health.status(DEGRADED);
        }
        return health.build();
    }

    /** False for a run under way: its first URLs say little about the others. */
    private boolean hasMostlyFailed(RunEntry run) {
        return run.state().isCompleted() && run.counts().hasFailed(maxFailedShare);
    }

    private Map<String, Object> details(RunEntry run) {
        Counts counts = run.counts();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("state", run.state().toString());
        details.put("batch", run.batchId());
        details.put("urls", counts.urls());
        details.put("documents", counts.documents());
        details.put("rows", counts.rows());
        details.put("errors", counts.errors());
        details.put("unchanged", counts.unchanged());
        if (run.error() != null) {
            details.put("reason", run.error());
        } else if (hasMostlyFailed(run)) {
            details.put("reason", LastBatchHealthIndicator.mostlyErrors(counts));
        } else if (run.state() == State.HELD) {
            details.put(
                    "reason",
                    "%d people would lose all %s: release or reject run %s-%s"
                            .formatted(counts.held(), run.indexer(), run.batchId(), run.indexer()));
        }
        return details;
    }
}
