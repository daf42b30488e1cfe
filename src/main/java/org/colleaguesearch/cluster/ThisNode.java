package org.colleaguesearch.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.delivery.SharedPlace;
import org.colleaguesearch.indexing.CurrentRoutes;
import org.colleaguesearch.ledger.NodeId;
import org.colleaguesearch.ledger.NodeTable;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiGate;
import org.colleaguesearch.source.NodeShare;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * This instance, as one of the nodes of a cluster. While it runs, it tells the ledger every second that it is alive and which
 * APIs fail for it, and learns the same of the others. Without a cluster, it does nothing. Its own thread alone does that; any
 * thread may ask for its id.
 */
@Component
public class ThisNode implements SmartLifecycle, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(ThisNode.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** After which all other nodes know of a new one, and leave it its share of the limits. */
    private static final Duration KNOWN_AFTER = EVERY.multipliedBy(4);
    /** Less than the time after which what is left of a node is removed. */
    private static final Duration LONG_SILENCE = Duration.ofMinutes(30);

    private final NodeTable table;
    private final SharedPlace place;
    private final ApplicationEventPublisher events;
    private final boolean isInCluster;
    private final NodeId id;
    private final NodeShare share;
    private final ApiGate gate;
    private final CurrentRoutes routes;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("node").factory());
    /** What failed for other nodes at the last beat, by node and host. */
    private Set<String> failingElsewhere = Set.of();
    /** The last beat after a silence, as System.nanoTime(). */
    private long aliveSince;

    private long lastBeat;
    private volatile boolean running;

    ThisNode(
            NodeTable table,
            NodeId id,
            NodeShare share,
            ApiGate gate,
            CurrentRoutes routes,
            SharedPlace place,
            ApplicationEventPublisher events,
            Settings settings) {
        this.share = share;
        this.gate = gate;
        this.routes = routes;
        this.place = place;
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
            share.none();
            aliveSince = System.nanoTime();
            lastBeat = aliveSince;
            place.enter(id());
            table.beat(id, routes.edition(), Set.of());
            place.check(table::alive, table::known);
            ScheduledFuture<?> unused =
                    thread.scheduleWithFixedDelay(this::beat, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
        running = true;
    }

    private void beat() {
        try {
            if (System.nanoTime() - lastBeat > LONG_SILENCE.toNanos()) {
                // It may have been forgotten.
                place.enter(id());
            }
            table.beat(id, routes.edition(), gate.failing());
            List<NodeTable.Node> alive = table.alive();
            takeShare(alive);
            learnFailures(alive);
            events.publishEvent(new Beat());
        } catch (RuntimeException | Error e) {
            // The lease reports an outage. An exception would end the beats.
            LOG.debug("cannot tell the ledger that this node is alive", e);
        }
    }

    /** Not before the others know of this node, also after a silence in which they have divided the limits without it. */
    private void takeShare(List<NodeTable.Node> alive) {
        long now = System.nanoTime();
        if (now - lastBeat > NodeTable.SILENCE.dividedBy(2).toNanos()) {
            aliveSince = now;
        }
        lastBeat = now;
        int rank = alive.stream().map(NodeTable.Node::id).toList().indexOf(id());
        if (rank < 0 || now - aliveSince < KNOWN_AFTER.toNanos()) {
            share.none();
        } else {
            share.set(rank, alive.size());
        }
    }

    /** Only what is new: each node finds out for itself when a host is well again. */
    private void learnFailures(List<NodeTable.Node> alive) {
        Set<String> failing = new HashSet<>();
        Set<String> begun = new HashSet<>();
        for (NodeTable.Node other : alive) {
            for (String host : other.id().equals(id()) ? Set.<String>of() : other.failing()) {
                failing.add(other.id() + " " + host);
                if (!failingElsewhere.contains(other.id() + " " + host)) {
                    begun.add(host);
                }
            }
        }
        failingElsewhere = failing;
        gate.takeForDown(begun);
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
                place.leave(id());
            } catch (IOException | RuntimeException e) {
                LOG.debug("cannot tell the ledger that this node stops", e);
            }
        }
    }
}
