package org.colleaguesearch.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import org.apache.camel.Exchange;

/**
 * Where in a trace something is done. An exchange keeps its own place, which its copies begin with, whatever thread they
 * are handed to; OpenTelemetry's current context is that of a thread. Contexts are immutable. Without an endpoint for
 * traces nothing is in a trace.
 */
public final class TraceContext {
    /** The setting without which there are no traces, and nothing that makes them. */
    public static final String ENDPOINT = "management.otlp.tracing.endpoint";

    private static final String PROPERTY = "colleagues.trace";

    /** Whoever is in a trace can add to it: the HTTP clients need no other way to find the tracer. */
    private static final ContextKey<Tracer> TRACER = ContextKey.named("colleagues.tracer");

    private TraceContext() {}

    /** The context of a span that has no parent in this process. */
    public static Context of(Span span, Tracer tracer) {
        return Context.root().with(span).with(TRACER, tracer);
    }

    /** The context of an exchange; {@link Context#root} where it is in no trace. */
    public static Context of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, Context.root(), Context.class);
    }

    /** Puts an exchange, and the copies made of it from here on, into a context. */
    public static void set(Exchange exchange, Context context) {
        exchange.setProperty(PROPERTY, context);
    }

    /** Whether spans of this context would belong to a trace. */
    public static boolean isTraced(Context context) {
        return Span.fromContext(context).getSpanContext().isValid();
    }

    /** The tracer of a context that is traced; else null. */
    static Tracer tracer(Context context) {
        return context.get(TRACER);
    }
}
