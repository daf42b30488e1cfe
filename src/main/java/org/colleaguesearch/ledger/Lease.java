package org.colleaguesearch.ledger;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.colleaguesearch.failure.StartFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;

/**
 * The right to write to the ledger, which one instance has at a time: a row with an epoch, which grows when the right
 * changes hands, and a time at which it expires unless it is renewed. No session is needed for it, so it outlives a lost
 * connection, and works behind a pooler in transaction mode.
 *
 * <p>Every transaction that writes {@linkplain #check checks} the epoch. An instance that was suspended and wakes up can
 * therefore write nothing once another has taken over; and before it delivers anything elsewhere, it asks
 * {@link #isHeld}.
 *
 * <p>One thread renews it, and is the only one that changes anything here; any thread may ask.
 */
public final class Lease implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    /** How long others wait for an instance that has died, or does not reach the database. */
    static final Duration LIFETIME = Duration.ofSeconds(15);
    /** So often that a single slow renewal loses nothing, and an outage is known before a probe gives up. */
    private static final Duration RENEW_EVERY = Duration.ofSeconds(3);

    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration PROBE = Duration.ofSeconds(2);

    private final LeaseTable table;
    private final ApplicationEventPublisher events;
    private final String holder = ManagementFactory.getRuntimeMXBean().getName();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lease").factory());
    private final AtomicBoolean recovered = new AtomicBoolean();

    private volatile long epoch;
    /** By System.nanoTime(), which goes on while the process is suspended. */
    private volatile long validUntil;

    private volatile Status status = new Status(State.HELD, null, Instant.now());
    private volatile Instant outageBegan = status.since();
    private volatile FailedWrite failedWrite;

    Lease(LeaseTable table, ApplicationEventPublisher events) {
        this.table = table;
        this.events = events;
    }

    /** How the lease stands. */
    public enum State {
        HELD,
        /** The database does not answer. Nobody else can take the lease there, but it may expire. */
        UNAVAILABLE,
        /** Another instance has taken it. */
        LOST
    }

    /**
     * How the lease stands, and since when.
     *
     * @param reason one line for a person to read; null when it is held
     */
    public record Status(State state, String reason, Instant since) {}

    /** Published, in the thread of the lease, when another instance has taken it: what runs here is no longer ours to write. */
    public record Lost(String reason, Instant at) {}

    /** What the last failed write of this instance said; {@code at} by System.nanoTime(). */
    private record FailedWrite(String reason, long at) {}

    public Status status() {
        return status;
    }

    /**
     * The same as of now, for a probe: unless it was renewed a moment ago, it is renewed first, by the thread of the lease
     * and for no longer than a probe can wait.
     */
    public Status refreshed() {
        if (System.nanoTime() - (validUntil - LIFETIME.toNanos()) < FRESH.toNanos()) {
            return status;
        }
        try {
            thread.submit(this::keep).get(PROBE.toMillis(), TimeUnit.MILLISECONDS);
            return status;
        } catch (TimeoutException e) {
            return new Status(State.UNAVAILABLE, "it has not answered for " + PROBE.toSeconds() + " s", Instant.now());
        } catch (ExecutionException | RejectedExecutionException e) {
            LOG.debug("the lease could not be renewed for a probe", e);
            return status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return status;
        }
    }

    /** Whether no other instance can have the lease: it is renewed, and has not expired. */
    public boolean isHeld() {
        return status.state() != State.LOST && System.nanoTime() - validUntil < 0;
    }

    /**
     * Whether there was an outage, or a loss, which is over: work may have been cut off, and triggers missed. True once
     * for each, and for each {@link #recoverAgain}.
     */
    public boolean takeRecovered() {
        return isHeld() && recovered.compareAndSet(true, false);
    }

    /** Told by whoever waits for the database, each time that it has failed again. */
    void failed(String reason) {
        failedWrite = new FailedWrite(reason, System.nanoTime());
    }

    /** Told that something was cut off by an outage, or still is, so that it has to be continued once more. */
    void recoverAgain() {
        recovered.set(true);
    }

    /** When the last outage began: a little before it was noticed. The start of the application, if there was none. */
    public Instant outageBegan() {
        return outageBegan;
    }

    /**
     * Refuses a transaction that is about to write, unless this instance has the lease; as long as it lasts, no other can
     * take the lease.
     *
     * @throws LeaseLost when another instance has it
     */
    void check(Connection transaction) throws SQLException {
        if (!table.isCurrent(epoch, transaction)) {
            throw new LeaseLost(LeaseLost.message(null));
        }
    }

    /**
     * Takes the lease, and keeps it from now on.
     *
     * @throws StartFailure when another instance has it and renews it
     */
    void begin() {
        try {
            takeAtStart();
        } catch (SQLException e) {
            throw new StartFailure("the lease of the database cannot be taken: " + DatabaseFailures.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for the lease of the database", e);
        }
        long every = RENEW_EVERY.toMillis();
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(this::keep, every, every, TimeUnit.MILLISECONDS);
    }

    /** One that died leaves its lease to expire; one that lives renews it meanwhile. */
    private void takeAtStart() throws SQLException, InterruptedException {
        LeaseTable.Row first = table.read();
        boolean isTaken = take(first);
        if (!isTaken) {
            LOG.info(
                    "waiting up to {} s for the lease of {}, which may have crashed",
                    LIFETIME.toSeconds(),
                    first.holder());
        }
        while (!isTaken) {
            TimeUnit.MILLISECONDS.sleep(500);
            LeaseTable.Row now = table.read();
            if (now.epoch() != first.epoch() || now.expires().isAfter(first.expires())) {
                throw new StartFailure("another instance, " + now.holder()
                        + ", is using the database at colleagues.database.url: stop it, or configure another database");
            }
            isTaken = take(now);
        }
    }

    /** Renews it, or takes it again when it is free. */
    private void keep() {
        Status before = status;
        try {
            if (before.state() != State.LOST) {
                if (renew()) {
                    renewed(before);
                } else {
                    lost(before);
                }
            } else if (take(table.read())) {
                held(before);
            }
        } catch (SQLException e) {
            table.close();
            unavailable(before, DatabaseFailures.reason(e));
            LOG.debug("the lease could not be renewed", e);
        } catch (RuntimeException | Error e) {
            // Else the timer would end, and with it the lease.
            LOG.error("the lease could not be renewed: {}", e.toString());
            LOG.debug("the lease could not be renewed", e);
        }
    }

    /** A renewal needs no more room on the disk, and may succeed where no other write does. */
    private void renewed(Status before) {
        FailedWrite failed = failedWrite;
        if (failed != null && System.nanoTime() - failed.at() < RENEW_EVERY.toNanos()) {
            unavailable(before, failed.reason());
        } else {
            held(before);
        }
    }

    private void held(Status before) {
        if (before.state() == State.HELD) {
            return;
        }
        status = new Status(State.HELD, null, Instant.now());
        long seconds = Duration.between(before.since(), Instant.now()).toSeconds();
        if (before.state() == State.LOST) {
            LOG.info("regained the lease of the database after {} s; resuming unfinished batches", seconds);
        } else {
            LOG.info("the database is available again, after {} s", seconds);
        }
        recovered.set(true);
    }

    private void lost(Status before) throws SQLException {
        String reason = LeaseLost.message(table.read().holder());
        if (before.state() != State.LOST) {
            leave(State.LOST, reason);
            LOG.error("{}; will rejoin when the lease is free", reason);
            events.publishEvent(new Lost(reason, Instant.now()));
        }
    }

    private void unavailable(Status before, String reason) {
        // One that is lost stays lost, whatever becomes of the database.
        if (before.state() == State.HELD) {
            LOG.warn("the database is unavailable: {}; runs wait for it", reason);
            leave(State.UNAVAILABLE, reason);
        } else if (before.state() == State.UNAVAILABLE) {
            status = new Status(State.UNAVAILABLE, reason, before.since());
            if (!withoutNumbers(reason).equals(withoutNumbers(before.reason()))) {
                LOG.warn("the database is still unavailable: {}", reason);
            }
        }
    }

    /** Which may be different each time, as those of megabytes that are free. */
    private static String withoutNumbers(String reason) {
        return reason.replaceAll("\\d+", "");
    }

    private void leave(State state, String reason) {
        Instant now = Instant.now();
        outageBegan = now.minus(LIFETIME.multipliedBy(2));
        status = new Status(state, reason, now);
    }

    private boolean renew() throws SQLException {
        long before = System.nanoTime();
        boolean isMine = table.renew(epoch);
        if (isMine) {
            validUntil = before + LIFETIME.toNanos();
        }
        return isMine;
    }

    private boolean take(LeaseTable.Row seen) throws SQLException {
        long before = System.nanoTime();
        boolean isTaken = table.take(seen, holder);
        if (isTaken) {
            epoch = seen.epoch() + 1;
            validUntil = before + LIFETIME.toNanos();
        }
        return isTaken;
    }

    /** Leaves the lease to the next instance, at once. */
    @Override
    public void destroy() throws InterruptedException {
        thread.shutdown();
        boolean unused = thread.awaitTermination(5, TimeUnit.SECONDS);
        try {
            table.release(epoch);
        } catch (SQLException e) {
            LOG.debug("the lease expires by itself", e);
        } finally {
            // The pool closes its connections itself, and waits for 10 s if they are being closed just then (HikariCP
            // 6.3).
            table.disconnect();
        }
    }
}
