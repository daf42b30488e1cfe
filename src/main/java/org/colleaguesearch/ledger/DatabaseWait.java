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
 * Lets runs wait for a database that is unavailable, for {@code colleagues.database.patience} since it became so. Requests
 * do not wait: whoever asks is told. Any thread may wait here, and holds no connection meanwhile.
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

    /** {@link #call} of what has no result. */
    public void run(Runnable access) {
        call(() -> {
            access.run();
            return null;
        });
    }

    /**
     * Accesses the database, again and again while it is unavailable. The access must be one that may be repeated when
     * nobody knows whether it succeeded.
     *
     * @throws PausedException when the patience is over, another instance has the lease, or the application stops
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
     * Waits until it is certain that no other instance has the lease.
     *
     * @throws PausedException as above
     */
    public void untilHeld() {
        Instant began = Instant.now();
        while (!lease.isHeld()) {
            Lease.Status status = lease.status();
            await(began, status.reason() == null ? "its lease has expired" : status.reason());
        }
    }

    /**
     * Refuses to begin anything while another instance has the lease: what is unfinished in the ledger may be its work.
     *
     * @throws LeaseLost when another instance has it
     */
    public void checkNotLost() {
        Lease.Status status = lease.status();
        if (status.state() == Lease.State.LOST) {
            throw new LeaseLost(status.reason());
        }
    }

    /** Has what an outage has cut off continued once more, when the database is available. */
    public void recoverAgain() {
        lease.recoverAgain();
    }

    private void await(Instant began, String reason) {
        checkNotLost();
        Lease.Status status = lease.status();
        boolean isKnown =
                status.state() == Lease.State.UNAVAILABLE && status.since().isBefore(began);
        Duration waited = Duration.between(isKnown ? status.since() : began, Instant.now());
        if (waited.compareTo(patience) >= 0) {
            throw new DatabaseUnavailable("the database has been unavailable for " + waited.toSeconds() + " s ("
                    + reason + "); check that it runs, and its disk space");
        }
        try {
            if (stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new PausedException("the application stops while the database is unavailable: " + reason);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PausedException("interrupted while the database is unavailable: " + reason);
        }
    }

    /** Nobody waits any longer once the application is asked to stop. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        stopping.countDown();
    }
}
