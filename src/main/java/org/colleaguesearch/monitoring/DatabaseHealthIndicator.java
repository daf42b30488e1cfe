package org.colleaguesearch.monitoring;

import java.util.function.Supplier;
import org.colleaguesearch.ledger.Lease;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Whether this instance can write to the database, judged by renewing the lease, or, if another node is the keeper, whether
 * the database answers: a probe waits for that for two seconds at most. Replaces Spring Boot's own indicator. Stateless.
 */
@Component("dbHealthIndicator")
class DatabaseHealthIndicator implements HealthIndicator {
    private final Lease lease;

    DatabaseHealthIndicator(Lease lease) {
        this.lease = lease;
    }

    /**
     * Returns the health that an indicator reads from the ledger. Does not read while the database is known to be
     * unavailable, since each attempt would take seconds, nor while another instance holds the lease and so owns the
     * batches.
     */
    static Health ofLedger(Lease lease, Supplier<Health> read) {
        if (!isUp(lease.refreshed(), lease)) {
            return unread();
        }
        try {
            return read.get();
        } catch (DataAccessException | TransactionException e) {
            // The lease reports the outage within moments.
            return unread();
        }
    }

    private static boolean isUp(Lease.Status status, Lease lease) {
        return status.state() == Lease.State.HELD || (status.state() == Lease.State.FOLLOWING && lease.isInContact());
    }

    private static Health unread() {
        return Health.unknown()
                .withDetail("reason", "the ledger is not available; see db")
                .build();
    }

    @Override
    public Health health() {
        Lease.Status status = lease.refreshed();
        return isUp(status, lease)
                ? Health.up().build()
                : Health.down()
                        .withDetail("reason", status.reason())
                        .withDetail("since", status.since())
                        .build();
    }
}
