package org.colleaguesearch.monitoring;

import java.util.List;
import org.colleaguesearch.cluster.InCluster;
import org.colleaguesearch.cluster.Nodes;
import org.colleaguesearch.cluster.Nodes.NodeDocument;
import org.colleaguesearch.ledger.Lease;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/** The nodes of a cluster. Degraded if their routes differ: then only some of them can work on a run. */
@Component
@InCluster
class NodesHealthIndicator implements HealthIndicator {
    private static final Status DEGRADED = new Status("DEGRADED");

    private final Nodes nodes;
    private final Lease lease;

    NodesHealthIndicator(Nodes nodes, Lease lease) {
        this.nodes = nodes;
        this.lease = lease;
    }

    @Override
    public Health health() {
        return DatabaseHealthIndicator.ofLedger(lease, this::read);
    }

    private Health read() {
        List<NodeDocument> all = nodes.all().nodes();
        long editions = all.stream().map(NodeDocument::routes).distinct().count();
        Health.Builder health = editions > 1
                ? Health.status(DEGRADED).withDetail("problem", "the nodes have different files in routes/")
                : Health.up();
        return health.withDetail("nodes", all).build();
    }
}
