package org.colleaguesearch.monitoring;

import java.util.Set;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** The last batch: when it began, how it stands, its errors. Down when it could not be done, or not yet. */
@Component
class LastBatchHealthIndicator implements HealthIndicator {
    /** A batch that someone cancelled is nothing to be alarmed at. */
    private static final Set<State> WELL = Set.of(State.RUNNING, State.COMPLETED, State.CANCELLED);

    private final Ledger ledger;

    LastBatchHealthIndicator(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public Health health() {
        return ledger.newest()
                .map(this::of)
                .orElseGet(() -> Health.up().withDetail("state", "never ran").build());
    }

    private Health of(BatchEntry batch) {
        Counts counts = ledger.runs(batch.id()).stream().map(RunEntry::counts).reduce(Counts.NONE, Counts::plus);
        boolean isWell = WELL.contains(batch.state());
        Health.Builder health = (isWell ? Health.up() : Health.down())
                .withDetail("batch", batch.id())
                .withDetail("began", batch.began())
                .withDetail("state", batch.state().toString())
                .withDetail("urls", counts.urls())
                .withDetail("errors", counts.errors());
        return batch.error() == null
                ? health.build()
                : health.withDetail("reason", batch.error()).build();
    }
}
