package org.colleaguesearch.embedded.plugin;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.opensearch.cluster.node.DiscoveryNode;
import org.opensearch.common.lifecycle.AbstractLifecycleComponent;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.common.transport.BoundTransportAddress;
import org.opensearch.core.common.transport.TransportAddress;
import org.opensearch.transport.ConnectTransportException;
import org.opensearch.transport.ConnectionProfile;
import org.opensearch.transport.Transport;
import org.opensearch.transport.TransportMessageListener;
import org.opensearch.transport.TransportStats;

/** The transport of a single node: it opens no port, since a node needs none to talk to itself. */
final class NoTransport extends AbstractLifecycleComponent implements Transport {
    /** The value of OpenSearch's setting {@code transport.type}. */
    static final String NAME = "none";

    private static final TransportAddress NOWHERE = new TransportAddress(InetAddress.getLoopbackAddress(), 0);

    private final RequestHandlers requestHandlers = new RequestHandlers();
    private final ResponseHandlers responseHandlers = new ResponseHandlers();

    @Override
    public BoundTransportAddress boundAddress() {
        return new BoundTransportAddress(new TransportAddress[] {NOWHERE}, NOWHERE);
    }

    @Override
    public Map<String, BoundTransportAddress> profileBoundAddresses() {
        return Map.of();
    }

    @Override
    public TransportAddress[] addressesFromString(String address) {
        return new TransportAddress[0];
    }

    @Override
    public List<String> getDefaultSeedAddresses() {
        return List.of();
    }

    @Override
    public void openConnection(DiscoveryNode node, ConnectionProfile profile, ActionListener<Connection> listener) {
        listener.onFailure(new ConnectTransportException(node, "a single node has no peers"));
    }

    @Override
    public void setMessageListener(TransportMessageListener listener) {
        // No messages arrive.
    }

    @Override
    public TransportStats getStats() {
        return new TransportStats.Builder().build();
    }

    @Override
    public ResponseHandlers getResponseHandlers() {
        return responseHandlers;
    }

    @Override
    public RequestHandlers getRequestHandlers() {
        return requestHandlers;
    }

    @Override
    protected void doStart() {
        // Nothing is open.
    }

    @Override
    protected void doStop() {
        // Nothing is open.
    }

    @Override
    protected void doClose() {
        // Nothing is open.
    }
}
