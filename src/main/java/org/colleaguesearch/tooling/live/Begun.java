package org.colleaguesearch.tooling.live;

import java.time.Instant;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/** Keeps when each trigger has begun something last. Stateless itself; each route has a policy of its own. */
@Component
@Conditional(WhenLive.class)
class Begun implements RoutePolicyFactory {
    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
        // Not of those that others call: that is what all work goes through.
        return Triggers.isInner(((RouteDefinition) route).getEndpointUrl()) ? null : new Last();
    }

    /** When a route has, if ever. */
    static Optional<Instant> last(Route route) {
        return route.getRoutePolicyList().stream()
                .filter(Last.class::isInstance)
                .findFirst()
                .map(policy -> ((Last) policy).begun);
    }

    /** Written by whatever thread begins an exchange, read by the one that looks after the files: a single value. */
    private static final class Last extends RoutePolicySupport {
        private volatile Instant begun;

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            begun = Instant.now();
        }
    }
}
