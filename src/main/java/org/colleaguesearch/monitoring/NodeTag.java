package org.colleaguesearch.monitoring;

import io.micrometer.core.instrument.MeterRegistry;
import org.colleaguesearch.cluster.InCluster;
import org.colleaguesearch.ledger.NodeId;
import org.springframework.boot.actuate.autoconfigure.metrics.MeterRegistryCustomizer;
import org.springframework.stereotype.Component;

/** Tells the metrics and the traces of the nodes of a cluster apart. */
@Component
@InCluster
record NodeTag(NodeId node) implements MeterRegistryCustomizer<MeterRegistry> {
    @Override
    public void customize(MeterRegistry registry) {
        registry.config().commonTags("node", node.name());
    }
}
