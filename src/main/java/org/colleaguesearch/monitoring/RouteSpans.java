package org.colleaguesearch.monitoring;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.LifecycleStrategySupport;
import org.colleaguesearch.tracing.TraceContext;

/**
 * Makes a span of each time that an exchange passes through a route, named after the route: one trace a batch, an export,
 * a request, and whatever else a trigger of someone's own begins.
 *
 * <p>Not Camel's own tracer: it makes two spans of each call of a route, names a route's address as if it were a URL, and
 * can begin no trace where an exchange already is in one.
 *
 * <p>Any thread may begin and end spans: each exchange has its own, but for the set of those that have not ended.
 */
final class RouteSpans implements RoutePolicyFactory {
    /** Triggers that mostly find nothing to do, and the door of the API, whose requests have spans already. */
    private static final Set<String> UNTRACED =
            Set.of("schedule", "run-at-start", "recover", "continue-exports", "rest");

    /**
     * They add nothing to the span of the call that they make; and what runs in the background would make a request's
     * trace as long as a batch.
     */
    private static final Set<String> WITHOUT_SPAN =
            Set.of("fetch-url", "call-api", "send-bulk", "extract-query", "search-query", "run-in-background");

    /** They begin a trace of their own, with a link to the request that has started them. */
    private static final Set<String> ROOTS = Set.of("run-batch", "run-export");

    private static final ContextKey<Passage> PASSAGE = ContextKey.named("colleagues.passage");

    private final Tracer tracer;

    /** As many as there are exchanges under way. */
    private final Set<Passage> open = ConcurrentHashMap.newKeySet();

    private RouteSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Traces the routes of a context that has not been started. */
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

    /** Camel tells no policy of what ends while it stops. */
    private void endAll() {
        open.forEach(Passage::endSpan);
        open.clear();
    }

    /** Of one route. */
    private final class Policy extends SharedPolicy {
        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            Context outer = TraceContext.of(exchange);
            Context inner = enter(route, outer);
            if (TraceContext.isTraced(inner)) {
                Span span = inner.equals(outer) ? Span.getInvalid() : Span.fromContext(inner);
                Passage passage = new Passage(this, outer, span, new SpanOutcome(exchange));
                open.add(passage);
                TraceContext.set(exchange, passage.begin(inner));
            }
        }

        /** The context of what the exchange does in the route; the one that it comes with where that has no span. */
        private Context enter(Route route, Context outer) {
            String id = route.getRouteId();
            if (WITHOUT_SPAN.contains(id)) {
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
            boolean isTrigger = !route.getEndpoint().getEndpointUri().startsWith("direct:");
            return isTrigger || ROOTS.contains(id)
                    ? TraceContext.of(span.setNoParent().startSpan(), tracer)
                    : outer;
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            Context inner = TraceContext.of(exchange);
            Passage passage = inner.get(PASSAGE);
            // Else the exchange was in no trace when it came.
            if (passage != null && passage.policy == this) {
                passage.end(inner);
                TraceContext.set(exchange, passage.outer);
                passage.endSpan();
                open.remove(passage);
            }
        }
    }

    /** From the begin of a route to its end, which may be in another thread. */
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

        @SuppressWarnings("MustBeClosedChecker") // Camel says in another call that the route has ended.
        Context begin(Context inner) {
            Passage before = Context.current().get(PASSAGE);
            if (before != null && before.hasEnded()) {
                // It ended in another thread, and would be kept as what was current before this one.
                Scope unused = Context.root().makeCurrent();
            }
            Context own = inner.with(PASSAGE, this);
            scope = own.makeCurrent();
            return own;
        }

        @SuppressWarnings("MustBeClosedChecker") // The scope that is closed restores what was before both.
        void end(Context own) {
            if (thread != Thread.currentThread()) {
                // The one that it began in has its former context back when the route around this one ends, or when the
                // next one begins there.
                scope = null;
                return;
            }
            if (!own.equals(Context.current())) {
                // A route within this one has ended in another thread. A scope closes in its own context only.
                Scope unused = own.makeCurrent();
            }
            scope.close();
        }

        /** A stop may end it while its route does. */
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
