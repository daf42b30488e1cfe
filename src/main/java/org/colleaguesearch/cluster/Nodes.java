package org.colleaguesearch.cluster;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.colleaguesearch.indexing.CurrentRoutes;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.ledger.NodeId;
import org.colleaguesearch.ledger.NodeTable;
import org.colleaguesearch.ledger.NodeTable.Node;
import org.colleaguesearch.source.ApiGate;
import org.springframework.stereotype.Component;

/** The nodes that are alive, for the API. Stateless. */
@Component("nodes")
public class Nodes {
    private final NodeTable table;
    private final NodeId self;
    private final ThisNode node;
    private final Lease lease;
    private final ApiGate gate;
    private final CurrentRoutes routes;

    Nodes(NodeTable table, NodeId self, ThisNode node, Lease lease, ApiGate gate, CurrentRoutes routes) {
        this.routes = routes;
        this.table = table;
        this.self = self;
        this.node = node;
        this.lease = lease;
        this.gate = gate;
    }

    /** {@code Nodes} of the contract. */
    public record NodeList(List<NodeDocument> nodes) {}

    /** A node, the number of chunks that it has taken, and the edition of its routes. */
    public record NodeDocument(
            String name, String started, boolean keeper, long chunks, String routes, List<String> failing) {}

    /** The nodes in the order in which they started. Without a cluster, there is one, which takes no chunks from a queue. */
    public NodeList all() {
        if (!node.isInCluster()) {
            return new NodeList(List.of(new NodeDocument(
                    self.name(), self.started().toString(), true, 0, routes.edition(), List.copyOf(gate.failing()))));
        }
        Map<String, Long> chunks = table.chunks();
        return new NodeList(table.alive().stream()
                .map(each -> document(each, chunks.getOrDefault(each.id(), 0L)))
                .toList());
    }

    private NodeDocument document(Node each, long chunks) {
        return new NodeDocument(
                each.name(),
                each.started().toString(),
                each.id().equals(lease.holder()),
                chunks,
                each.edition(),
                List.copyOf(new TreeSet<>(each.failing())));
    }
}
