package org.colleaguesearch.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Makes runs wait while the database is unavailable, for up to {@code colleagues.database.patience} after it became
 * unavailable. Requests to the API do not wait but fail. Thread-safe; a waiting thread holds no connection.
 */
@Component
public class DatabaseWait {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Lease lease;
    private final Duration patience;
    private final CountDownLatch stopping = new CountDownLatch(1);

    DatabaseWait(Lease lease, Settings settings) {
        this.lease = lease;
        this.patience = settings.database().patience();
    }

    /** {@link #call} without a result. */
    public void run(Runnable access) {
        call(() -> {
            access.run();
            return null;
        });
    }

    /**
     * Accesses the database, with retries while it is unavailable. The access must be repeatable even if it may already
     * have succeeded.
     *
     * @throws PausedException if the patience is over, another instance has the lease, or the application is stopping
     */
    public <T> T call(Supplier<T> access) {
        Instant began = Instant.now();
        while (true) {
            try {
                return access.get();
            } catch (RuntimeException e) {
                if (!DatabaseFailures.isUnavailable(e)) {
                    throw e;
                }
                String reason = DatabaseFailures.reason(e);
                lease.failed(reason);
                await(began, reason);
            }
        }
    }

    /**
     * Waits until this instance certainly has the lease.
     *
     * @throws PausedException as {@link #call}
     */
    public void untilHeld() {
        Instant began = Instant.now();
        while (!lease.isHeld()) {
            Lease.Status status = lease.status();
            checkNotLost();
            await(began, status.reason() == null ? "its lease has expired" : status.reason());
        }
    }

    /**
     * Checks that no other instance has the lease; if one has, unfinished work in the ledger may be running there.
     *
     * @throws LeaseLost if another instance has the lease
     */
    public void checkNotLost() {
        if (!lease.isKeeper()) {
            throw new LeaseLost(lease.status().reason());
        }
    }

    /** Requests another recovery of work that an outage interrupted, once the database is available. */
    public void recoverAgain() {
        lease.recoverAgain();
    }

    private void await(Instant began, String reason) {
        Lease.Status status = lease.status();
        if (status.state() == Lease.State.LOST) {
            throw new LeaseLost(status.reason());
        }
        boolean isKnownOutage =
                status.state() == Lease.State.UNAVAILABLE && status.since().isBefore(began);
        Duration waited = Duration.between(isKnownOutage ? status.since() : began, Instant.now());
        if (waited.compareTo(patience) >= 0) {
            throw new DatabaseUnavailable("the database has been unavailable for " + waited.toSeconds() + " s ("
                    + reason + "); check that it is running, and its disk space");
        }
        try {
            if (stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new PausedException("the application is stopping while the database is unavailable: " + reason);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PausedException("interrupted while waiting for the database: " + reason);
        }
    }

    /** Ends all waits when the application is asked to stop. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        stopping.countDown();
    }
}
