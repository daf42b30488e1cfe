package org.colleaguesearch.monitoring;

import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.LastRuns;
import org.colleaguesearch.runs.Run;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** The last batch since the start: when it began, how it stands, its errors. Down when it could not be done. */
@Component
class LastBatchHealthIndicator implements HealthIndicator {
    private final LastRuns last;

    LastBatchHealthIndicator(LastRuns last) {
        this.last = last;
    }

    @Override
    public Health health() {
        return last.batch()
                .map(LastBatchHealthIndicator::of)
                .orElseGet(() -> Health.up().withDetail("state", "never ran").build());
    }

    private static Health of(LastRuns.Began began) {
        Batch batch = began.batch();
        String state = state(batch);
        Health.Builder health = state.equals("failed") ? Health.down() : Health.up();
        health.withDetail("batch", batch.id())
                .withDetail("began", began.at())
                .withDetail("state", state)
                .withDetail("urls", batch.runs().stream().mapToLong(Run::urls).sum())
                .withDetail(
                        "errors", batch.runs().stream().mapToLong(Run::errors).sum());
        if (batch.failure() != null) {
            health.withDetail("reason", batch.failure());
        }
        return health.build();
    }

    private static String state(Batch batch) {
        if (batch.failure() != null) {
            return "failed";
        }
        if (batch.runs().stream().map(Run::state).anyMatch(Run.State::isOpen)) {
            return "running";
        }
        return batch.exitCode() == 2 ? "failed" : "completed";
    }
}
