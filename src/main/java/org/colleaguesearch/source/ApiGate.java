package org.colleaguesearch.source;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.TestReset;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Makes calls wait while an API is down or its limits are reached: one {@link HostGate} per host. As a Camel policy it
 * wraps the steps that make a call; their body is the URL.
 *
 * <p>Not Camel's circuitBreaker step: while open, it fails each call immediately, so that a whole list would fail, and
 * it cannot limit the calls per second or in flight.
 *
 * <p>Thread-safe: the only state is the maps of hosts. They hold the API's own hosts and those that exports may call,
 * for each API key, and so stay small.
 */
@Component("apiGate")
public class ApiGate implements Policy {
    private final Settings.Api api;
    private final Workers workers;
    private final boolean hasSeveralHosts;
    private final ConcurrentHashMap<String, HostGate> hosts = new ConcurrentHashMap<>();
    /** By the API key that requested the calls, and by host. */
    private final ConcurrentHashMap<List<String>, HostGate> exports = new ConcurrentHashMap<>();

    /** For exports; null until the first call, since its size is that of the pools at that time. */
    private final AtomicReference<ExportPlaces> places = new AtomicReference<>();

    ApiGate(Settings settings, Workers workers) {
        this.api = settings.api();
        this.workers = workers;
        this.hasSeveralHosts = settings.export().allowedHosts().size() > 1;
    }

    /**
     * The state of each host that was called, except by exports, by host and port. CLOSED is well; OPEN and HALF_OPEN
     * mean that calls wait.
     */
    public Map<String, CircuitBreaker.State> states() {
        Map<String, CircuitBreaker.State> states = new TreeMap<>();
        hosts.forEach((host, gate) -> states.put(host, gate.state()));
        return states;
    }

    /**
     * Marks the host of a URL as down after repeated failures: calls wait from now on, and single calls probe it.
     *
     * @throws Exception the failure itself, if it does not mean that the host is failing
     */
    public void takeForDown(String url, Exception failure) throws Exception {
        if (!ApiFailures.isOfHost(failure)) {
            throw failure;
        }
        gate(URI.create(url).getRawAuthority()).takeForDown();
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {}

    @Override
    public Processor wrap(Route route, Processor steps) {
        Processor call = new TracedCall(steps);
        return exchange -> {
            String url = exchange.getMessage().getBody(String.class);
            CallState state = CallState.of(exchange);
            String host = URI.create(url).getRawAuthority();
            HostGate gate = state.lane() != null && state.lane().isExport()
                    ? gateOfExports(host, state.run().caller())
                    : gate(host);
            // A retry by the route: this URL already counts as failed.
            boolean counts = state.retries() == 0;
            boolean again = true;
            while (again) {
                exchange.setException(null);
                exchange.getMessage().setBody(url);
                again = gate.pass(() -> failure(call, exchange, state.run()), counts, state.run());
            }
        };
    }

    private HostGate gate(String host) {
        return hosts.computeIfAbsent(host, name -> new HostGate(name, api));
    }

    /**
     * Exports have their own gates, one per API key: a list of broken URLs, which anybody can submit, would otherwise
     * stop the indexers and other exports.
     */
    private HostGate gateOfExports(String host, String caller) {
        HostGate gate = gate(host);
        return exports.computeIfAbsent(List.of(caller, host), id -> gate.beside(api, places().of(caller, host)));
    }

    private ExportPlaces places() {
        return places.updateAndGet(known ->
                known == null ? new ExportPlaces(workers.ofExports(), hasSeveralHosts, api.patience()) : known);
    }

    /** Makes the call and returns its failure, which stays on the exchange, or null. */
    private static Exception failure(Processor call, Exchange exchange, RunCalls run) {
        try {
            run.during(() -> call.process(exchange));
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null && run.isDropped()) {
            // The cancellation may have caused it, whatever it says.
            exchange.setException(RunCalls.ended());
        }
        return exchange.getException();
    }

    @EventListener(TestReset.class)
    void forget() {
        hosts.clear();
        exports.clear();
        places.set(null);
    }

    /** Ends all waits so that the application can stop; calls that need not wait are still made. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        hosts.values().forEach(HostGate::stop);
        exports.values().forEach(HostGate::stop);
        Optional.ofNullable(places.get()).ifPresent(ExportPlaces::stop);
    }
}
