package org.colleaguesearch.embedded.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.opensearch.common.network.NetworkService;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.util.PageCacheRecycler;
import org.opensearch.common.util.concurrent.ThreadContext;
import org.opensearch.core.common.io.stream.NamedWriteableRegistry;
import org.opensearch.core.indices.breaker.CircuitBreakerService;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.plugins.ActionPlugin;
import org.opensearch.plugins.NetworkPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.rest.BytesRestResponse;
import org.opensearch.rest.RestChannel;
import org.opensearch.rest.RestHandler;
import org.opensearch.rest.RestHeaderDefinition;
import org.opensearch.rest.RestRequest;
import org.opensearch.telemetry.tracing.Tracer;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.Transport;
import org.opensearch.transport.client.node.NodeClient;

/**
 * Restricts an OpenSearch node to one application: each HTTP request must pass {@link Admission}, and there is no
 * transport port. OpenSearch loads this class in the child process; the application does not use it.
 */
public final class PrivateNode extends Plugin implements ActionPlugin, NetworkPlugin {
    private final Admission admission;

    /** Called by OpenSearch. {@code configuration}: its configuration folder. */
    public PrivateNode(Settings settings, Path configuration) throws IOException {
        this.admission = Admission.read(configuration);
    }

    @Override
    public UnaryOperator<RestHandler> getRestHandlerWrapper(
            ThreadContext threads, Set<RestHeaderDefinition> headersToCopy) {
        return handler -> new Gate(handler, admission);
    }

    @Override
    public Map<String, Supplier<Transport>> getTransports(
            Settings settings,
            ThreadPool threads,
            PageCacheRecycler pages,
            CircuitBreakerService breakers,
            NamedWriteableRegistry writeables,
            NetworkService network,
            Tracer tracer) {
        return Map.of(NoTransport.NAME, NoTransport::new);
    }

    /** Passes only admitted requests to the wrapped handler. */
    private static final class Gate extends RestHandler.Wrapper {
        private final Admission admission;

        Gate(RestHandler handler, Admission admission) {
            super(handler);
            this.admission = admission;
        }

        @Override
        public void handleRequest(RestRequest request, RestChannel channel, NodeClient client) throws Exception {
            Admission.Verdict verdict = admission.of(request::getAllHeaderValues);
            if (verdict == Admission.Verdict.ADMITTED) {
                super.handleRequest(request, channel, client);
                return;
            }
            BytesRestResponse refusal = new BytesRestResponse(RestStatus.fromCode(verdict.status), verdict.reason);
            if (verdict == Admission.Verdict.NO_LOGIN) {
                refusal.addHeader("WWW-Authenticate", "Basic realm=\"colleague-search\"");
            }
            channel.sendResponse(refusal);
        }
    }
}
