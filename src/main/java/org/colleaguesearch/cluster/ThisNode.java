package org.colleaguesearch.cluster;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.ledger.NodeId;
import org.colleaguesearch.ledger.NodeTable;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * This instance, as one of the nodes of a cluster. While it runs, it tells the ledger every second that it is alive. Without a
 * cluster, it does nothing. Only its own thread writes to the ledger; any thread may ask for its id.
 */
@Component
public class ThisNode implements SmartLifecycle, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(ThisNode.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final NodeTable table;
    private final ApplicationEventPublisher events;
    private final boolean isInCluster;
    private final NodeId id;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("node").factory());
    private volatile boolean running;

    ThisNode(NodeTable table, NodeId id, ApplicationEventPublisher events, Settings settings) {
        this.table = table;
        this.events = events;
        this.isInCluster = settings.cluster().isOn();
        this.id = id;
    }

    /** Published in the node's thread every second, once the ledger knows that the node is alive. */
    public record Beat() {}

    public boolean isInCluster() {
        return isInCluster;
    }

    public String id() {
        return id.text();
    }

    @Override
    public void start() {
        if (isInCluster) {
            table.beat(id);
            ScheduledFuture<?> unused =
                    thread.scheduleWithFixedDelay(this::beat, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
        running = true;
    }

    private void beat() {
        try {
            table.beat(id);
            events.publishEvent(new Beat());
        } catch (RuntimeException | Error e) {
            // The lease reports an outage. An exception would end the beats.
            LOG.debug("cannot tell the ledger that this node is alive", e);
        }
    }

    /** When Camel has stopped: until then, chunks in flight are this node's. */
    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before Camel starts its routes. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    @Override
    public void destroy() throws InterruptedException {
        thread.shutdown();
        boolean unused = thread.awaitTermination(EVERY.toSeconds(), TimeUnit.SECONDS);
        if (isInCluster) {
            try {
                table.leave(id());
            } catch (RuntimeException e) {
                LOG.debug("cannot tell the ledger that this node stops", e);
            }
        }
    }
}
