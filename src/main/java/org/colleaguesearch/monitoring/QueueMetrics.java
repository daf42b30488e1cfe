package org.colleaguesearch.monitoring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.colleaguesearch.cluster.InCluster;
import org.colleaguesearch.cluster.Queues;
import org.colleaguesearch.cluster.Queues.Depth;
import org.colleaguesearch.indexing.CurrentRoutes;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/**
 * The depth of the queues of a cluster, measured by the keeper alone, so that a sum over all nodes counts each message once. Its
 * own thread asks the broker, which may take seconds to answer; any thread reads the last answers.
 */
@Component
@InCluster
class QueueMetrics implements CamelContextConfiguration, InitializingBean, DisposableBean {
    static final String MESSAGES = "colleagues.queue.messages";
    static final String OLDEST = "colleagues.queue.oldest.age";

    private static final Logger LOG = LoggerFactory.getLogger(QueueMetrics.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final MeterRegistry registry;
    private final Queues queues;
    private final Lease lease;
    private final CurrentRoutes routes;
    private final Map<String, Depth> depths = new ConcurrentHashMap<>();
    private volatile boolean isKeeper;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("queue-metrics").factory());

    QueueMetrics(MeterRegistry registry, Queues queues, Lease lease, CurrentRoutes routes) {
        this.registry = registry;
        this.queues = queues;
        this.lease = lease;
        this.routes = routes;
    }

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        // The routes that define the indexers may still change.
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A look logs its own failures.
    public void afterPropertiesSet() {
        thread.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Also after a live edit of the routes: a gauge exists once. */
    @Override
    public void afterApplicationStart(CamelContext camel) {
        Indexers.in(camel).forEach(indexer -> {
            gauge(
                    MESSAGES,
                    "Messages in the queue, including those that nodes work on",
                    indexer.name(),
                    Depth::messages);
            gauge(
                    OLDEST,
                    "Age of the oldest message that no node works on, in seconds",
                    indexer.name(),
                    QueueMetrics::age);
        });
    }

    private void gauge(String name, String description, String indexer, ToDoubleFunction<Depth> value) {
        if (registry.find(name).tag("indexer", indexer).gauge() != null) {
            return;
        }
        Gauge.builder(name, () -> {
                    Depth depth = depths.get(indexer);
                    // Unknown at the keeper; at another node, which does not look, nothing to add.
                    double unknown = isKeeper ? Double.NaN : 0;
                    return depth == null ? unknown : value.applyAsDouble(depth);
                })
                .description(description)
                .tag("indexer", indexer)
                .register(registry);
    }

    private static double age(Depth depth) {
        return depth.oldest()
                .map(sent -> Math.max(0, Duration.between(sent, Instant.now()).toMillis() / 1000.0))
                .orElse(0.0);
    }

    private void look() {
        try {
            isKeeper = lease.isKeeper();
            List<String> indexers = isKeeper
                    ? Indexers.in(routes.context()).stream().map(Indexer::name).toList()
                    : List.of();
            depths.keySet().retainAll(indexers);
            indexers.forEach(indexer -> depths.put(indexer, queues.depth(indexer)));
        } catch (RuntimeException e) {
            depths.clear();
            LOG.debug("cannot measure the queues", e);
        }
    }

    @Override
    public void destroy() {
        thread.shutdownNow();
    }
}
