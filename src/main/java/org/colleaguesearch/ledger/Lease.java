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
 * The right to write to the ledger, held by one instance at a time. It is a row with an epoch, which grows each time another
 * instance acquires the lease, and an expiry time, which the holder keeps extending. It is not tied to a session, so it
 * survives a lost connection, and works behind a pooler in transaction mode.
 *
 * <p>Every writing transaction {@linkplain #check checks} the epoch, so an instance that wakes up after a suspension cannot
 * write once another has taken over. Before it delivers anything elsewhere, it checks {@link #isHeld}.
 *
 * <p>In a cluster, the holder is the keeper: it triggers batches, lists people, joins files and sweeps. The other nodes follow,
 * and one of them takes over when it is gone; see {@link #ANY_NODE} for what they write.
 *
 * <p>Only the lease thread renews the lease and changes its state; any thread may read it.
 */
public final class Lease implements DisposableBean {
    /**
     * The label of transactions that need no lease, since they check in another way that they may write: a node may record
     * what became of a chunk that it has taken, whoever the keeper is.
     */
    static final String ANY_NODE = "any-node";

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    /** How long others wait for an instance that has died or cannot reach the database. */
    static final Duration LIFETIME = Duration.ofSeconds(15);
    /** Short enough that one slow renewal does not lose the lease, and that an outage is noticed before a probe times out. */
    static final Duration RENEW_EVERY = Duration.ofSeconds(3);

    private static final Duration FRESH_FOR = Duration.ofSeconds(1);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private final LeaseTable table;
    private final ApplicationEventPublisher events;
    /** Whether another holder is no failure, but the keeper of the cluster. */
    private final boolean isInCluster;

    private final String holder;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lease").factory());
    private final AtomicBoolean recovered = new AtomicBoolean();

    private volatile long epoch;
    /** As System.nanoTime(), which keeps running while the process is suspended. */
    private volatile long validUntil;
    /** The last time that the database answered. As System.nanoTime(). */
    private volatile long answered;

    private volatile Status status = new Status(State.HELD, null, Instant.now());
    private volatile Instant outageBegan = status.since();
    private volatile FailedWrite failedWrite;
    private volatile String keeper = "";

    /** Of the only instance, which is known by its process. */
    Lease(LeaseTable table, ApplicationEventPublisher events) {
        this(table, events, ManagementFactory.getRuntimeMXBean().getName(), false);
    }

    private Lease(LeaseTable table, ApplicationEventPublisher events, String holder, boolean isInCluster) {
        this.table = table;
        this.events = events;
        this.holder = holder;
        this.isInCluster = isInCluster;
    }

    /** Of a node of a cluster. */
    static Lease ofNode(LeaseTable table, ApplicationEventPublisher events, NodeId node) {
        return new Lease(table, events, node.text(), true);
    }

    /** The state of the lease. */
    public enum State {
        HELD,
        /** The database is unavailable: the lease may expire, but nobody else can acquire it meanwhile. */
        UNAVAILABLE,
        /** Another instance has acquired the lease. */
        LOST,
        /** Another node is the keeper of the cluster. */
        FOLLOWING
    }

    /**
     * The state of the lease, and since when.
     *
     * @param reason one human-readable line; null if the lease is held
     */
    public record Status(State state, String reason, Instant since) {}

    /** Published in the lease thread when another instance has acquired the lease, so that runs here stop. */
    public record Lost(String reason, Instant at) {}

    /** The last failed write of this instance; {@code at} as System.nanoTime(). */
    private record FailedWrite(String reason, long at) {}

    public Status status() {
        return status;
    }

    /**
     * The current status for a probe: renews the lease first, unless it was renewed a moment ago. The lease thread does
     * that, and the probe waits for a limited time.
     */
    public Status refreshed() {
        if (System.nanoTime() - answered < FRESH_FOR.toNanos()) {
            return status;
        }
        try {
            thread.submit(this::renewOrReacquire).get(PROBE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return status;
        } catch (TimeoutException e) {
            return new Status(
                    State.UNAVAILABLE, "no response within " + PROBE_TIMEOUT.toSeconds() + " s", Instant.now());
        } catch (ExecutionException | RejectedExecutionException e) {
            LOG.debug("cannot renew the lease for a probe", e);
            return status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return status;
        }
    }

    /** Whether this instance has the lease and it has not expired, so that no other instance can have it. */
    public boolean isHeld() {
        return isKeeper() && System.nanoTime() - validUntil < 0;
    }

    /** Whether no other instance is known to have the lease, so that triggers and requests are for this one. */
    public boolean isKeeper() {
        return status.state() == State.HELD || status.state() == State.UNAVAILABLE;
    }

    /** Whether another node is the keeper of the cluster. */
    public boolean isFollowing() {
        return status.state() == State.FOLLOWING;
    }

    /** The id of the node that has the lease, as far as this one knows. */
    public String holder() {
        return isKeeper() ? holder : keeper;
    }

    /** Whether the database answered within the lifetime of the lease. */
    public boolean isInContact() {
        return System.nanoTime() - answered < LIFETIME.toNanos();
    }

    /**
     * Whether an outage or a loss of the lease has ended, so that interrupted work and missed triggers have to be recovered.
     * Returns true once per outage and per {@link #recoverAgain}.
     */
    public boolean takeRecovered() {
        return isHeld() && recovered.compareAndSet(true, false);
    }

    /** Records a failed access to the database. */
    void failed(String reason) {
        failedWrite = new FailedWrite(reason, System.nanoTime());
    }

    /** Requests another recovery, for work that an outage has interrupted. */
    void recoverAgain() {
        recovered.set(true);
    }

    /** When the last outage began, at the earliest, before it was noticed; the start of the application if there was none. */
    public Instant outageBegan() {
        return outageBegan;
    }

    /**
     * Checks in a writing transaction that this instance has the lease. No other instance can acquire it until the
     * transaction ends.
     *
     * @throws LeaseLost if another instance has the lease
     */
    void check(Connection transaction) throws SQLException {
        if (!table.isCurrent(epoch, transaction)) {
            throw new LeaseLost(LeaseLost.message(null));
        }
    }

    /**
     * Acquires the lease and starts renewing it.
     *
     * @throws StartFailure if another instance holds and renews it, unless this is a node of a cluster
     */
    void begin() {
        try {
            if (isInCluster) {
                takeOrFollow();
            } else {
                takeAtStart();
            }
            answered = System.nanoTime();
        } catch (SQLException e) {
            throw new StartFailure("cannot acquire the database lease: " + DatabaseFailures.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for the database lease", e);
        }
        long every = RENEW_EVERY.toMillis();
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::renewOrReacquire, every, every, TimeUnit.MILLISECONDS);
    }

    /** Waits for the lease to expire if its holder has crashed. A live holder renews it, which fails this start. */
    private void takeAtStart() throws SQLException, InterruptedException {
        LeaseTable.Row first = table.read();
        boolean isTaken = take(first);
        if (!isTaken) {
            LOG.info(
                    "waiting up to {} s for the database lease of {}, which may have crashed",
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

    private void takeOrFollow() throws SQLException {
        LeaseTable.Row row = table.read();
        if (take(row)) {
            LOG.info("this node is the keeper");
        } else {
            status = new Status(State.FOLLOWING, following(row), Instant.now());
            // What the keeper leaves unfinished may have begun at any time.
            outageBegan = Instant.EPOCH;
            LOG.info("{}", following(row));
        }
    }

    /** Renews the lease, or reacquires a lost one when it is free. */
    private void renewOrReacquire() {
        Status before = status;
        try {
            if (before.state() == State.HELD || before.state() == State.UNAVAILABLE) {
                if (renew()) {
                    renewed(before);
                } else {
                    lost();
                }
            } else {
                takeIfFree(before);
            }
            answered = System.nanoTime();
        } catch (SQLException e) {
            table.close();
            unavailable(before, DatabaseFailures.reason(e));
            LOG.debug("cannot renew the database lease", e);
        } catch (RuntimeException | Error e) {
            // An exception would cancel the timer, and the lease would expire.
            LOG.error("cannot renew the database lease: {}", e.toString());
            LOG.debug("cannot renew the database lease", e);
        }
    }

    private void takeIfFree(Status before) throws SQLException {
        LeaseTable.Row row = table.read();
        if (take(row)) {
            held(before);
        } else if (before.state() == State.FOLLOWING && !before.reason().equals(following(row))) {
            status = new Status(State.FOLLOWING, following(row), Instant.now());
            LOG.info("{}", following(row));
        }
    }

    private String following(LeaseTable.Row keepers) {
        keeper = keepers.holder();
        return "the keeper is " + keepers.holder();
    }

    /** A renewal needs no additional disk space, so it may succeed when other writes fail. */
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
            LOG.info("reacquired the database lease after {} s; resuming unfinished batches", seconds);
        } else if (before.state() == State.FOLLOWING) {
            LOG.info("this node is the keeper now");
        } else {
            LOG.info("the database is available again after {} s", seconds);
        }
        recovered.set(true);
    }

    private void lost() throws SQLException {
        LeaseTable.Row row = table.read();
        String reason = isInCluster ? following(row) : LeaseLost.message(row.holder());
        changeState(isInCluster ? State.FOLLOWING : State.LOST, reason);
        if (isInCluster) {
            outageBegan = Instant.EPOCH;
            LOG.warn("{}: this node was not heard of for {} s and is no longer", reason, LIFETIME.toSeconds());
        } else {
            LOG.error("{}; will rejoin when the lease is free", reason);
        }
        events.publishEvent(new Lost(reason, Instant.now()));
    }

    private void unavailable(Status before, String reason) {
        // A lost lease stays lost during an outage.
        if (before.state() == State.HELD) {
            LOG.warn("the database is unavailable: {}; runs are waiting for it", reason);
            changeState(State.UNAVAILABLE, reason);
        } else if (before.state() == State.UNAVAILABLE) {
            status = new Status(State.UNAVAILABLE, reason, before.since());
            if (!withoutNumbers(reason).equals(withoutNumbers(before.reason()))) {
                LOG.warn("the database is still unavailable: {}", reason);
            }
        }
    }

    /** Numbers may differ each time, such as the free megabytes. */
    private static String withoutNumbers(String reason) {
        return reason.replaceAll("\\d+", "");
    }

    private void changeState(State state, String reason) {
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

    /** Releases the lease, so that the next instance need not wait for it to expire. */
    @Override
    public void destroy() throws InterruptedException {
        thread.shutdown();
        boolean unused = thread.awaitTermination(5, TimeUnit.SECONDS);
        try {
            table.release(epoch);
        } catch (SQLException e) {
            LOG.debug("cannot release the database lease; it will expire", e);
        } finally {
            // Not the pool's connections: if they are already closing, HikariCP 6.3 waits 10 s when it shuts down.
            table.disconnect();
        }
    }
}
