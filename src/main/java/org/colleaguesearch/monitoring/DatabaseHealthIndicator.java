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
     * What an indicator says that reads the ledger. It does not try while the database is known to be unavailable, since
     * each try would take seconds; nor while another instance has the lease, whose batches these are.
     */
    static Health ofLedger(Lease lease, Supplier<Health> read) {
        if (!lease.isHeld() || lease.status().state() != Lease.State.HELD) {
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
                .withDetail("reason", "the ledger is not read during an outage: see db")
                .build();
    }

    @Override
    public Health health() {
        Lease.Status status = lease.status();
        if (status.state() != Lease.State.HELD) {
            return Health.down()
                    .withDetail("reason", status.reason())
                    .withDetail("since", status.since())
                    .build();
        }
        return lease.isHeld()
                ? Health.up().build()
                : Health.down()
                        .withDetail("reason", "the database has not answered for " + Lease.LIFETIME.toSeconds() + " s")
                        .build();
    }
}
