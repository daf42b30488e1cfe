package org.colleaguesearch.monitoring;

import java.util.function.Supplier;
import org.colleaguesearch.ledger.Lease;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

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

    /**
     * What an indicator says that reads the ledger. It does not try while the database is known to be unavailable: each
     * try would take seconds.
     */
    static Health ofLedger(Lease lease, Supplier<Health> read) {
        if (lease.status().state() == Lease.State.UNAVAILABLE) {
            return unread();
        }
        try {
            return read.get();
        } catch (DataAccessException | TransactionException e) {
            // Known in a moment.
            return unread();
        }
    }

    private static Health unread() {
        return Health.unknown()
                .withDetail("reason", "the database is unavailable: see db")
                .build();
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
