package org.colleaguesearch.indexing;

import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/** The routes that new work begins on. They may be replaced while work is under way, which ends on those it began on. */
public interface CurrentRoutes {
    /** The context that new work begins in. */
    CamelContext context();

    /** How many exchanges are under way in the routes of an id, also of those that have been replaced. */
    int inFlight(String routeId);

    /**
     * Calls one of the routes in the caller's thread, and keeps it until it has answered.
     *
     * @param request makes what to call it with in the context it gets
     * @return what became of that; a failure is the exchange's
     */
    Exchange call(String uri, Function<CamelContext, Exchange> request);
}
