package org.colleaguesearch.monitoring;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.LifecycleStrategySupport;
import org.colleaguesearch.indexing.SharedPolicy;
import org.colleaguesearch.tracing.TraceContext;

/**
 * Creates a span, named after the route, each time an exchange passes through a route: one trace per batch, export,
 * request, and anything else that a custom trigger starts.
 *
 * <p>Not Camel's own tracer: it creates two spans for each call of a route, treats a route's address as a URL, and
 * cannot start a trace for an exchange that is already in one.
 *
 * <p>Thread-safe: each exchange has its own spans; only the set of open ones is shared.
 */
final class RouteSpans implements RoutePolicyFactory {
    /** Triggers that mostly find nothing to do, and the entry route of the API, whose requests already have spans. */
    private static final Set<String> UNTRACED =
            Set.of("schedule", "run-at-start", "recover", "continue-exports", "write-vectors", "rest");

    /**
     * Routes that add nothing to the span of the call they make. Background work would make a request's trace as long
     * as a batch.
     */
    private static final Set<String> WITHOUT_SPAN =
            Set.of("call-api", "send-bulk", "extract-query", "search-query", "run-in-background");

    /** Routes that start a new trace, linked to the request that started them. */
    private static final Set<String> ROOTS = Set.of("run-batch", "run-export-batch");

    /** The routes that send work to other nodes: their messages carry the trace on. */
    private static final Set<String> TO_NODES = Set.of("queue-chunk", "ask-keeper");

    private static final TextMapGetter<Exchange> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Exchange message) {
            return message.getMessage().getHeaders().keySet();
        }

        @Override
        public String get(Exchange message, String name) {
            return message == null ? null : message.getMessage().getHeader(name, String.class);
        }
    };

    private static final ContextKey<Passage> PASSAGE = ContextKey.named("colleagues.passage");

    private final Tracer tracer;

    /** One per exchange in flight. */
    private final Set<Passage> open = ConcurrentHashMap.newKeySet();

    private RouteSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Traces the routes of a context that has not started yet. */
    static void addTo(CamelContext camel, Tracer tracer) {
        RouteSpans spans = new RouteSpans(tracer);
        camel.addRoutePolicyFactory(spans);
        camel.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopped(CamelContext stopped) {
                spans.endAll();
            }
        });
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode definition) {
        return UNTRACED.contains(routeId) ? null : new Policy();
    }

    /** Camel does not tell policies about exchanges that end while it stops. */
    private void endAll() {
        open.forEach(Passage::endSpan);
        open.clear();
    }

    /** The policy of one route. */
    private final class Policy extends SharedPolicy {
        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            Context outer = TraceContext.of(exchange);
            Context inner = enter(route, exchange, outer);
            if (TO_NODES.contains(route.getRouteId())) {
                W3CTraceContextPropagator.getInstance()
                        .inject(
                                inner,
                                exchange,
                                (message, name, value) -> message.getMessage().setHeader(name, value));
            }
            if (TraceContext.isTraced(inner)) {
                Span span = inner.equals(outer) ? Span.getInvalid() : Span.fromContext(inner);
                Passage passage = new Passage(this, outer, span, new SpanOutcome(exchange));
                open.add(passage);
                TraceContext.set(exchange, passage.begin(inner));
            }
        }

        /** Returns the context of the exchange within the route; the outer one if the route has no span. */
        private Context enter(Route route, Exchange exchange, Context outer) {
            String id = route.getRouteId();
            if (WITHOUT_SPAN.contains(id) || id.startsWith("fetch-")) {
                return outer;
            }
            boolean isTraced = TraceContext.isTraced(outer);
            SpanBuilder span = tracer.spanBuilder(id);
            if (isTraced && !ROOTS.contains(id)) {
                return outer.with(span.setParent(outer).startSpan());
            }
            if (isTraced) {
                span.addLink(Span.fromContext(outer).getSpanContext());
            }
            if (route.getEndpoint().getEndpointUri().startsWith("jms:")) {
                // From another node, or from this one.
                Context sender = W3CTraceContextPropagator.getInstance().extract(Context.root(), exchange, HEADERS);
                return TraceContext.of(span.setParent(sender).startSpan(), tracer);
            }
            boolean isTrigger = !route.getEndpoint().getEndpointUri().startsWith("direct:");
            return isTrigger || ROOTS.contains(id)
                    ? TraceContext.of(span.setNoParent().startSpan(), tracer)
                    : outer;
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            Context inner = TraceContext.of(exchange);
            Passage passage = inner.get(PASSAGE);
            // Null if the exchange arrived outside any trace.
            if (passage != null && passage.policy == this) {
                passage.end(inner);
                TraceContext.set(exchange, passage.outer);
                passage.endSpan();
                open.remove(passage);
            }
        }
    }

    /** One exchange in one route, from begin to end, which may be in another thread. */
    private static final class Passage {
        private final Policy policy;
        private final Context outer;
        private final Span span;
        private final Thread thread = Thread.currentThread();
        /** Null once the span has ended. */
        private SpanOutcome outcome;

        private Scope scope;

        Passage(Policy policy, Context outer, Span span, SpanOutcome outcome) {
            this.policy = policy;
            this.outer = outer;
            this.span = span;
            this.outcome = outcome;
        }

        @SuppressWarnings("MustBeClosedChecker") // Closed when Camel reports the end of the route.
        Context begin(Context inner) {
            Passage before = Context.current().get(PASSAGE);
            if (before != null && before.hasEnded()) {
                // It ended in another thread; the new scope would restore it when closed.
                Scope unused = Context.root().makeCurrent();
            }
            Context own = inner.with(PASSAGE, this);
            scope = own.makeCurrent();
            return own;
        }

        @SuppressWarnings("MustBeClosedChecker") // Closing the other scope restores what was current before both.
        void end(Context own) {
            if (thread != Thread.currentThread()) {
                // The thread that it began in gets its former context back when the enclosing route ends, or when the
                // next one begins there.
                scope = null;
                return;
            }
            if (!own.equals(Context.current())) {
                // A nested route has ended in another thread. A scope closes only in its own context.
                Scope unused = own.makeCurrent();
            }
            scope.close();
        }

        /** Synchronized since a stop of the context may coincide with the end of the route. */
        synchronized void endSpan() {
            if (outcome != null) {
                outcome.note(span);
                span.end();
                outcome = null;
            }
        }

        private synchronized boolean hasEnded() {
            return outcome == null;
        }
    }
}
