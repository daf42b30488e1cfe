package org.colleaguesearch.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import java.net.URI;
import java.util.Map;
import org.colleaguesearch.settings.Secret;

/**
 * The span of one HTTP call to another server, following OpenTelemetry's semantic conventions for HTTP clients.
 * Thread-safe like OpenTelemetry's spans: the response may arrive in another thread than the one that made the call.
 */
public final class CallSpan {
    private static final Map<String, Long> PORTS = Map.of("http", 80L, "https", 443L);

    private final Span span;

    private CallSpan(Span span) {
        this.span = span;
    }

    /** Whether calls of this thread are traced. Calls of health checks and of the start-up are not. */
    public static boolean isWanted() {
        return TraceContext.tracer(Context.current()) != null;
    }

    /**
     * Starts the span of a call. Requires {@link #isWanted}.
     *
     * @param name of low cardinality
     * @param url absolute; secrets in it are hidden
     */
    public static CallSpan begin(String name, String method, URI url) {
        SpanBuilder span = TraceContext.tracer(Context.current())
                .spanBuilder(name)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(HttpAttributes.HTTP_REQUEST_METHOD, method)
                .setAttribute(UrlAttributes.URL_FULL, Secret.hiddenIn(url.toString()));
        if (url.getHost() != null) {
            span.setAttribute(ServerAttributes.SERVER_ADDRESS, url.getHost());
            span.setAttribute(
                    ServerAttributes.SERVER_PORT,
                    url.getPort() >= 0 ? (Long) (long) url.getPort() : PORTS.get(url.getScheme()));
        }
        return new CallSpan(span.startSpan());
    }

    /** Sets how often the call has been resent; 0 for the first attempt. */
    public CallSpan resent(int times) {
        if (times > 0) {
            span.setAttribute(HttpAttributes.HTTP_REQUEST_RESEND_COUNT, (long) times);
        }
        return this;
    }

    /** Adds an attribute. */
    public CallSpan with(String attribute, String value) {
        span.setAttribute(attribute, value);
        return this;
    }

    /** Records the status of the response. */
    public void answered(int status) {
        span.setAttribute(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, (long) status);
        if (status >= 400) {
            failed(Integer.toString(status), "");
        }
    }

    /**
     * Records that the call failed, with or without a response.
     *
     * @param type of low cardinality: the response's status, or the name of an exception
     */
    public void failed(String type, String reason) {
        span.setAttribute(ErrorAttributes.ERROR_TYPE, type);
        span.setStatus(StatusCode.ERROR, reason);
    }

    public void end() {
        span.end();
    }
}
