package org.colleaguesearch.cluster;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Route;
import org.apache.camel.support.service.ServiceHelper;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.indexing.SharedPolicy;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.Apis;
import org.colleaguesearch.source.NodeShare;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * A route policy for the routes that take chunks: while this node has no share of the calls in flight of an API, since there
 * are more nodes than calls, it takes no chunks that need it. Thread-safe: routes come and go in any thread, and the node's
 * thread suspends and resumes them.
 */
@Component("whileShared")
class WhileShared extends SharedPolicy {
    private final Indexers indexers;
    private final Apis apis;
    private final NodeShare share;
    private final Set<Route> routes = ConcurrentHashMap.newKeySet();
    /** Those that this policy has suspended: others may be suspended since they are being replaced. */
    private final Set<Route> suspended = ConcurrentHashMap.newKeySet();

    WhileShared(Indexers indexers, Apis apis, NodeShare share) {
        this.indexers = indexers;
        this.apis = apis;
        this.share = share;
    }

    @EventListener(ThisNode.Beat.class)
    void suspendOrResume() {
        for (Route route : routes) {
            boolean hasShare = hasShare(route.getRouteId());
            if (hasShare && suspended.remove(route)) {
                ServiceHelper.resumeService(route.getConsumer());
            } else if (!hasShare && suspended.add(route)) {
                ServiceHelper.suspendService(route.getConsumer());
            }
        }
    }

    private boolean hasShare(String routeId) {
        return indexers.all().stream()
                .filter(indexer -> routeId.equals("take-" + indexer.name()))
                .map(Indexer::api)
                .map(apis::settings)
                .map(Settings.Api::callsInFlight)
                .filter(Objects::nonNull)
                .allMatch(limit -> share.of(limit) > 0);
    }

    @Override
    public void onStart(Route route) {
        routes.add(route);
    }

    @Override
    public void onStop(Route route) {
        onRemove(route);
    }

    @Override
    public void onRemove(Route route) {
        routes.remove(route);
        suspended.remove(route);
    }
}
