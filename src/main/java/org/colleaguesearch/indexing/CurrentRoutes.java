package org.colleaguesearch.indexing;

import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/** The routes for new work. When they are replaced, work in flight finishes on the former ones. */
public interface CurrentRoutes {
    /** The global option of a Camel context with the edition of its routes: the same on each node with the same files. */
    String EDITION = "routes-edition";

    /** The edition of the routes for new work. */
    default String edition() {
        return context().getGlobalOptions().getOrDefault(EDITION, "");
    }

    /** The Camel context for new work. */
    CamelContext context();

    /** The number of exchanges in flight in the routes of this id, including those that were replaced. */
    int inFlight(String routeId);

    /**
     * Calls a route in the caller's thread. The route is not removed before it has answered.
     *
     * @param request makes the exchange in the given context
     * @return the exchange, with the failure if there was one
     */
    Exchange call(String uri, Function<CamelContext, Exchange> request);
}
