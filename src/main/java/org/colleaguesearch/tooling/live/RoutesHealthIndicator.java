package org.colleaguesearch.tooling.live;

import java.util.List;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/** Whether the running routes match the route files. If not: degraded, not down, as the previous routes still run. */
@Component
@Conditional(WhenLive.class)
class RoutesHealthIndicator implements HealthIndicator {
    private static final Status DEGRADED = new Status("DEGRADED");

    private final Edits edits;

    RoutesHealthIndicator(Edits edits) {
        this.edits = edits;
    }

    @Override
    public Health health() {
        List<String> problems = edits.problems();
        return problems.isEmpty()
                ? Health.up().build()
                : Health.status(DEGRADED).withDetail("problems", problems).build();
    }
}
