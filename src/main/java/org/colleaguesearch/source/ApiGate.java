package org.colleaguesearch.source;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.IllegalStateTransitionException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.TestReset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Makes calls wait while an API is down or its limits are reached: one {@link HostGate} per API and host. As a Camel
 * policy it wraps the steps that make a call; their body is the URL.
 *
 * <p>Not Camel's circuitBreaker step: while open, it fails each call immediately, so that a whole list would fail, and
 * it cannot limit the calls per second or in flight.
 *
 * <p>Thread-safe: the only state is the maps of hosts. They hold the API's own hosts and those that exports may call,
 * for each API key, and so stay small.
 */
@Component("apiGate")
public class ApiGate implements Policy {
    private static final Logger LOG = LoggerFactory.getLogger(ApiGate.class);

    private final Apis apis;
    private final Settings.Export exported;
    private final Workers workers;
    private final NodeShare share;
    /** By API and host. */
    private final ConcurrentHashMap<List<String>, HostGate> hosts = new ConcurrentHashMap<>();
    /** By the API key that requested the calls, and by host. */
    private final ConcurrentHashMap<List<String>, HostGate> exports = new ConcurrentHashMap<>();

    /** For exports; null until the first call, since its size is that of the pools at that time. */
    private final AtomicReference<ExportPlaces> places = new AtomicReference<>();

    ApiGate(Apis apis, Settings settings, Workers workers, NodeShare share) {
        this.share = share;
        this.apis = apis;
        this.exported = settings.export();
        this.workers = workers;
    }

    /**
     * The state of each host that was called, except by exports, by the name of the API, host and port: {@code works
     * works.example.org:8443}. CLOSED is well; OPEN and HALF_OPEN mean that calls wait.
     */
    public Map<String, CircuitBreaker.State> states() {
        Map<String, CircuitBreaker.State> states = new TreeMap<>();
        hosts.forEach((host, gate) -> states.put(String.join(" ", host), gate.state()));
        return states;
    }

    /** The hosts whose calls wait since most have failed, as {@link #states} names them. */
    public Set<String> failing() {
        return states().entrySet().stream()
                .filter(host -> host.getValue() != CircuitBreaker.State.CLOSED)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Marks hosts as down that fail for another node, as {@link #failing} names them. Single calls probe them. */
    public void takeForDown(Set<String> failing) {
        hosts.forEach((host, gate) -> {
            if (failing.contains(String.join(" ", host))) {
                takeForDown(gate);
            }
        });
    }

    private static void takeForDown(HostGate gate) {
        try {
            gate.takeForDown(true);
        } catch (IllegalStateTransitionException e) {
            LOG.debug("a call of this node has found out at the same time", e);
        }
    }

    /**
     * Marks the host of a URL of an API as down after repeated failures: calls wait from now on, and single calls probe
     * it.
     *
     * @throws Exception the failure itself, if it does not mean that the host is failing, or the call must not be
     *     repeated
     */
    public void takeForDown(String api, String url, Exception failure, Exchange call) throws Exception {
        if (!ApiFailures.isOfHost(failure) || !mayRepeat(CallState.of(call).request(), failure)) {
            throw failure;
        }
        gate(apis.get(api), URI.create(url).getRawAuthority()).takeForDown(false);
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
            NamedApi api = apis.get(state.api());
            // For the steps, which call it.
            exchange.setVariable("api", api.name());
            HostGate gate = state.lane() != null && state.lane().isExport()
                    ? gateOfExports(api, host, state.run().caller())
                    : gate(api, host);
            // A retry by the route: this URL already counts as failed.
            boolean counts = state.retries() == 0;
            boolean again = true;
            while (again) {
                exchange.setException(null);
                exchange.getMessage().setBody(url);
                again = gate.pass(() -> failure(call, exchange, state.run()), counts, state.run())
                        && mayRepeat(state.request(), exchange.getException());
            }
        };
    }

    private static boolean mayRepeat(Request request, Exception failure) {
        return request.isIdempotent() || ApiFailures.isUnsent(failure);
    }

    private HostGate gate(NamedApi api, String host) {
        return hosts.computeIfAbsent(
                List.of(api.name(), host), name -> new HostGate(api.at(host), api.settings(), share));
    }

    /**
     * Exports have their own gates, one per API key: a list of broken URLs, which anybody can submit, would otherwise
     * stop the indexers and other exports.
     */
    private HostGate gateOfExports(NamedApi api, String host, String caller) {
        HostGate gate = gate(api, host);
        return exports.computeIfAbsent(List.of(caller, host), id -> gate.beside(places().of(caller, host)));
    }

    private ExportPlaces places() {
        return places.updateAndGet(known -> known == null
                ? new ExportPlaces(
                        workers.ofExports(),
                        exported.allowedHosts().size() > 1,
                        apis.settings(exported.api()).patience())
                : known);
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
