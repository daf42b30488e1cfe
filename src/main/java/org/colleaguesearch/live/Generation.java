package org.colleaguesearch.live;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.spi.RouteStartupOrder;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.service.ServiceHelper;

/**
 * The routes as the files had them at some time, in a Camel context of their own: what began in it ends in it, whatever
 * the files have become. Any thread may call into it; one at a time opens, closes and stops it, the one that looks after
 * the files.
 */
public final class Generation {
    /** Where requests come in: they go on to the generation of the day, so this is never closed. */
    private static final List<String> DOORS = List.of("rest-openapi:", "rest:", "platform-http:");

    private final CamelContext camel;
    private final List<String> triggers;
    private final Path copy;
    private final ProducerTemplate template;
    private final AtomicInteger calls = new AtomicInteger();

    /**
     * A generation.
     *
     * @param triggers the routes that {@link #open} is to start, for the context has not
     * @param copy the folder with the files it is made of, which go with it, or null
     */
    Generation(CamelContext camel, List<String> triggers, Path copy) {
        this.camel = camel;
        this.triggers = List.copyOf(triggers);
        this.copy = copy;
        this.template = camel.createProducerTemplate();
    }

    public CamelContext camel() {
        return camel;
    }

    /**
     * Calls a route from outside, between {@link CurrentRoutes#enter} and {@link #leave}, in the caller's thread. A failure
     * is the exchange's.
     */
    public void call(String uri, Exchange exchange) {
        template.send(uri, exchange);
    }

    /** Before a call from outside, which this keeps from being stopped. */
    void enter() {
        calls.incrementAndGet();
    }

    /** After such a call. */
    public void leave() {
        calls.decrementAndGet();
    }

    /** Lets its triggers, such as timers, begin. */
    void open() throws Exception {
        for (String trigger : triggers) {
            camel.getRouteController().startRoute(trigger);
        }
    }

    /** Lets nothing begin by itself any more. What has begun goes on. */
    void close() {
        running().forEach(ServiceHelper::suspendService);
    }

    /** Takes that back. */
    void reopen() {
        running().forEach(ServiceHelper::resumeService);
    }

    /** What makes exchanges by itself. */
    private Stream<Consumer> running() {
        return camel.getRoutes().stream()
                .map(Route::getConsumer)
                .filter(consumer -> !(consumer instanceof DirectConsumer))
                .filter(consumer ->
                        DOORS.stream().noneMatch(consumer.getEndpoint().getEndpointUri()::startsWith));
    }

    /**
     * Whether nothing is under way, nor waits for a thread. In this order: only what is under way can make something
     * wait.
     */
    boolean isIdle() {
        return calls.get() == 0 && camel.getInflightRepository().size() == 0 && waiting() == 0;
    }

    private int waiting() {
        int waiting = 0;
        for (RouteStartupOrder route :
                new ArrayList<>(camel.getCamelContextExtension().getRouteStartupOrder())) {
            for (var service : route.getServices()) {
                waiting += service instanceof ShutdownAware aware ? aware.getPendingExchangesSize() : 0;
            }
        }
        return waiting;
    }

    void stop() {
        camel.stop();
        RouteFolder.delete(copy);
    }
}
