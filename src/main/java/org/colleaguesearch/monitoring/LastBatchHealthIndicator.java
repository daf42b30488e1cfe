package org.colleaguesearch.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.HeldLedger;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.RunId;
import org.colleaguesearch.settings.Settings;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.stereotype.Component;

/**
 * The last batch of all indexers: begin, state and errors. Down if it is paused, failed or abandoned, or if any batch is
 * stuck; degraded if a large part of its URLs failed, or the removal of people is held.
 */
@Component
class LastBatchHealthIndicator implements HealthIndicator {
    /** A cancelled batch is no cause for alarm. */
    private static final Set<State> HEALTHY = Set.of(State.RUNNING, State.COMPLETED, State.CANCELLED);

    private final Ledger ledger;
    private final Lease lease;
    private final Activity activity;
    private final Indexers indexers;
    private final HeldLedger held;
    private final List<String> only;
    private final Duration limit;
    private final double maxFailedShare;

    LastBatchHealthIndicator(
            Ledger ledger, Lease lease, Activity activity, Indexers indexers, HeldLedger held, Settings settings) {
        this.held = held;
        this.maxFailedShare = settings.guard().maxFailedShare();
        this.lease = lease;
        this.ledger = ledger;
        this.activity = activity;
        this.indexers = indexers;
        this.only = settings.indexing().only();
        // The longest wait of a batch: for the API or its limits, for a response, or for OpenSearch.
        this.limit = settings.apis().values().stream()
                .map(api -> api.patience().plus(api.responseTimeout()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO)
                .plus(settings.opensearch().patience());
    }

    @Override
    public Health health() {
        return DatabaseHealthIndicator.ofLedger(lease, this::ofLastBatch);
    }

    private Health ofLastBatch() {
        Optional<BatchEntry> newest = ledger.newest();
        if (newest.isEmpty()) {
            return Health.up().withDetail("state", "never ran").build();
        }
        long all = indexers.all().stream()
                .filter(indexer -> only.isEmpty() || only.contains(indexer.name()))
                .count();
        BatchEntry batch = ledger.newestOfAll(all).or(() -> newest).get();
        Health.Builder health = of(batch);
        if (!batch.equals(newest.get())) {
            health.withDetail(
                    "newer",
                    Map.of(
                            "batch",
                            newest.get().id(),
                            "state",
                            newest.get().state().toString()));
        }
        List<String> stuck = ledger.unfinished().stream()
                .filter(this::isStuck)
                .map(BatchEntry::id)
                .toList();
        if (!stuck.isEmpty()) {
            health.down()
                    .withDetail("stuck", stuck)
                    .withDetail(
                            "stuckReason",
                            "no API call, delivery or finished run for %s; check the log of the batch, then restart to continue it"
                                    .formatted(DurationStyle.SIMPLE.print(limit, ChronoUnit.SECONDS)));
        }
        return health.build();
    }

    private Health.Builder of(BatchEntry batch) {
        List<RunEntry> runs = ledger.runs(batch.id());
        Counts counts = runs.stream().map(RunEntry::counts).reduce(Counts.NONE, Counts::plus);
        State state = isUnderWay(batch, runs) ? State.RUNNING : batch.state();
        boolean hasMostlyFailed = state == State.COMPLETED && counts.hasFailed(maxFailedShare);
        String reason = batch.error() == null && hasMostlyFailed ? mostlyErrors(counts) : batch.error();
        long heldPeople = held.countPeople(batch.id());
        Health.Builder health = (!HEALTHY.contains(state)
                        ? Health.down()
                        : hasMostlyFailed || heldPeople > 0
                                ? Health.status(IndexersHealthIndicator.DEGRADED)
                                : Health.up())
                .withDetail("batch", batch.id())
                .withDetail("began", batch.began())
                .withDetail("state", state.toString())
                .withDetail("urls", counts.urls())
                .withDetail("errors", counts.errors());
        if (heldPeople > 0) {
            health.withDetail(
                    "held",
                    "%d people are no longer in the list of people: release or reject %s"
                            .formatted(heldPeople, RunId.ofPeople(batch.id())));
        }
        return reason == null || state == State.RUNNING ? health : health.withDetail("reason", reason);
    }

    static String mostlyErrors(Counts counts) {
        return "%d of %d URLs failed".formatted(counts.errors(), counts.urls());
    }

    /** In the ledger, a batch stays paused when it is continued; its runs do not. */
    private static boolean isUnderWay(BatchEntry batch, List<RunEntry> runs) {
        return batch.state() == State.RUNNING
                || (batch.state() == State.PAUSED && runs.stream().anyMatch(run -> run.state() == State.RUNNING));
    }

    private boolean isStuck(BatchEntry batch) {
        Instant last = activity.last(batch.id());
        Instant since = last.isAfter(batch.began()) ? last : batch.began();
        return since.plus(limit).isBefore(Instant.now()) && isUnderWay(batch, ledger.runs(batch.id()));
    }
}
