package org.colleaguesearch.monitoring;

import org.colleaguesearch.ledger.Lease;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether the database takes writes of this instance, as the last renewal of the lease has found a few seconds ago: a
 * probe must not wait for a database that is away. Takes the place of Spring Boot's own. Stateless.
 */
@Component("dbHealthIndicator")
class DatabaseHealthIndicator implements HealthIndicator {
    private final Lease lease;

    DatabaseHealthIndicator(Lease lease) {
        this.lease = lease;
    }

    @Override
    public Health health() {
        Lease.Status status = lease.status();
        Health.Builder health = status.state() == Lease.State.HELD ? Health.up() : Health.down();
        if (status.reason() != null) {
            health.withDetail("reason", status.reason()).withDetail("since", status.since());
        }
        return health.build();
    }
}
