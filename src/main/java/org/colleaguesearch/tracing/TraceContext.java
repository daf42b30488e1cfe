package org.colleaguesearch.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import org.apache.camel.Exchange;

/**
 * The trace context of an exchange. It is kept in the exchange and inherited by its copies, because routes move
 * exchanges between threads and OpenTelemetry's current context belongs to a thread. Contexts are immutable. Without an
 * endpoint for traces, nothing is traced.
 */
public final class TraceContext {
    /** The setting that enables tracing. If it is unset, no tracing beans exist. */
    public static final String ENDPOINT = "management.otlp.tracing.endpoint";

    private static final String PROPERTY = "colleagues.trace";

    /** The context carries the tracer, so that HTTP clients need no other way to find it. */
    private static final ContextKey<Tracer> TRACER = ContextKey.named("colleagues.tracer");

    private TraceContext() {}

    /** The context of a span that has no parent in this process. */
    public static Context of(Span span, Tracer tracer) {
        return Context.root().with(span).with(TRACER, tracer);
    }

    /** The context of an exchange; {@link Context#root} if it is not traced. */
    public static Context of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, Context.root(), Context.class);
    }

    /** Sets the context of an exchange and of its future copies. */
    public static void set(Exchange exchange, Context context) {
        exchange.setProperty(PROPERTY, context);
    }

    /** Whether spans of this context would belong to a trace. */
    public static boolean isTraced(Context context) {
        return Span.fromContext(context).getSpanContext().isValid();
    }

    /** The tracer of a traced context, otherwise null. */
    static Tracer tracer(Context context) {
        return context.get(TRACER);
    }
}
