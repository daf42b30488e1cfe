package org.colleaguesearch.monitoring;

import java.util.function.Supplier;
import org.colleaguesearch.ledger.Lease;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Whether the database takes writes of this instance, as a renewal of the lease finds: a probe waits for it for two
 * seconds at most. Takes the place of Spring Boot's own. Stateless.
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
        if (lease.refreshed().state() != Lease.State.HELD) {
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
        Lease.Status status = lease.refreshed();
        return status.state() == Lease.State.HELD
                ? Health.up().build()
                : Health.down()
                        .withDetail("reason", status.reason())
                        .withDetail("since", status.since())
                        .build();
    }
}
