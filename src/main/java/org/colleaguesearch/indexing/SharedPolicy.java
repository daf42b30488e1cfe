package org.colleaguesearch.indexing;

import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;

/**
 * A route policy shared by several Camel contexts. Not Camel's RoutePolicySupport: a context that stops would stop it
 * for all the others.
 */
public abstract class SharedPolicy implements RoutePolicy {
    @Override
    public void onInit(Route route) {}

    @Override
    public void onRemove(Route route) {}

    @Override
    public void onStart(Route route) {}

    @Override
    public void onStop(Route route) {}

    @Override
    public void onSuspend(Route route) {}

    @Override
    public void onResume(Route route) {}

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {}

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {}
}
