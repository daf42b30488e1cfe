package org.colleaguesearch.ledger;

import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.colleaguesearch.failure.StartFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the nodes of a cluster do one at a time, and another one when that one dies: each turn is a row of the table {@code
 * lease}, like the {@link Lease} of the ledger. Without a cluster there is nobody to wait for. Stateless.
 */
public final class NodeTurns {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTurns.class);

    private final Function<String, LeaseTable> tables;
    private final NodeId node;
    private final boolean isInCluster;

    NodeTurns(Function<String, LeaseTable> tables, NodeId node, boolean isInCluster) {
        this.tables = tables;
        this.node = node;
        this.isInCluster = isInCluster;
    }

    /**
     * Does something at start when it is this node's turn.
     *
     * @param name of the row
     * @throws StartFailure if the database is unavailable
     */
    public void run(String name, Runnable work) {
        if (!isInCluster) {
            work.run();
            return;
        }
        LeaseTable table = tables.apply(name);
        ScheduledExecutorService renewal = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("turn-" + name).factory());
        try {
            long epoch = await(table);
            long every = Lease.RENEW_EVERY.toMillis();
            ScheduledFuture<?> unused =
                    renewal.scheduleWithFixedDelay(() -> renew(table, epoch), every, every, TimeUnit.MILLISECONDS);
            work.run();
            renewal.shutdown();
            boolean ended = renewal.awaitTermination(Lease.LIFETIME.toSeconds(), TimeUnit.SECONDS);
            table.release(epoch);
            LOG.debug("turn {} released, renewals ended: {}", name, ended);
        } catch (SQLException e) {
            throw new StartFailure("cannot take turns with other nodes: " + DatabaseFailures.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for other nodes", e);
        } finally {
            renewal.shutdownNow();
            table.disconnect();
        }
    }

    private long await(LeaseTable table) throws SQLException, InterruptedException {
        LeaseTable.Row row = table.read();
        while (!table.take(row, node.text())) {
            TimeUnit.MILLISECONDS.sleep(200);
            row = table.read();
        }
        return row.epoch() + 1;
    }

    private static void renew(LeaseTable table, long epoch) {
        try {
            if (!table.renew(epoch)) {
                LOG.warn("this node was not heard of, and another one does the same now");
            }
        } catch (SQLException e) {
            LOG.debug("cannot renew a turn", e);
        }
    }
}
