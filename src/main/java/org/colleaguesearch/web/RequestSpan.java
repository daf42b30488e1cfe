package org.colleaguesearch.web;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.colleaguesearch.tracing.TraceContext;

/**
 * The span of an API request, by OpenTelemetry's semantic conventions for HTTP servers, without headers and query. It
 * continues the client's trace ({@code traceparent}, W3C Trace Context) only if the client has a valid key. Therefore it
 * starts late, with the first child span or at the end, but with the request's arrival as its start time. Safe for the
 * threads that handle a request one after the other.
 */
final class RequestSpan {
    private static final String ATTRIBUTE = RequestSpan.class.getName();
    private static final String TRACE_PARENT = "traceparent";

    /** RFC 9110 and RFC 5789. Others are reported as _OTHER: clients can invent any number of methods. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private final Tracer tracer;
    private final HttpServletRequest request;
    private final Instant arrival = Instant.now();
    private final String method;
    private final String path;
    private final String scheme;
    private final Optional<String> route;
    private final List<String> parents;

    private Context context;

    /** For a request that has just arrived. */
    RequestSpan(Tracer tracer, HttpServletRequest request, ApiContract contract) {
        this.tracer = tracer;
        this.request = request;
        this.method = request.getMethod();
        this.path = request.getRequestURI();
        this.scheme = request.getScheme();
        this.route = Optional.ofNullable(MatchedOperation.of(request, contract).operation())
                .map(operation -> operation.path().getPatternString());
        this.parents = Collections.list(request.getHeaders(TRACE_PARENT));
        request.setAttribute(ATTRIBUTE, this);
    }

    /** The span of a request, if it is traced. */
    static Optional<RequestSpan> of(HttpServletRequest request) {
        return Optional.ofNullable((RequestSpan) request.getAttribute(ATTRIBUTE));
    }

    /** The context for child spans. Call it only after the key was checked. */
    synchronized Context context() {
        if (context == null) {
            context = TraceContext.of(begin(), tracer);
        }
        return context;
    }

    private Span begin() {
        boolean isKnown = METHODS.contains(method);
        SpanBuilder span = tracer.spanBuilder(
                        (isKnown ? method : "HTTP") + route.map(of -> " " + of).orElse(""))
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(arrival)
                .setParent(parent())
                .setAttribute(HttpAttributes.HTTP_REQUEST_METHOD, isKnown ? method : "_OTHER")
                .setAttribute(UrlAttributes.URL_PATH, path)
                .setAttribute(UrlAttributes.URL_SCHEME, scheme);
        if (!isKnown) {
            span.setAttribute(HttpAttributes.HTTP_REQUEST_METHOD_ORIGINAL, method);
        }
        route.ifPresent(of -> span.setAttribute(HttpAttributes.HTTP_ROUTE, of));
        return span.startSpan();
    }

    /** The client's context; the root context if there is no valid parent, or more than one. */
    private Context parent() {
        boolean isFromClient = request.getAttribute(CheckedRequest.CALLER) != null && parents.size() == 1;
        return isFromClient
                ? W3CTraceContextPropagator.getInstance().extract(Context.root(), parents.get(0), TraceParent.GETTER)
                : Context.root();
    }

    /** Ends the span when the response is complete. */
    void end(int status) {
        Span span = Span.fromContext(context());
        span.setAttribute(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, (long) status);
        if (status >= 500) {
            span.setAttribute(ErrorAttributes.ERROR_TYPE, Integer.toString(status));
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    /** Reads only {@code traceparent}; {@code tracestate} is optional. */
    private enum TraceParent implements TextMapGetter<String> {
        GETTER;

        @Override
        public Iterable<String> keys(String header) {
            return List.of(TRACE_PARENT);
        }

        @Override
        public String get(String header, String key) {
            return TRACE_PARENT.equals(key) ? header : null;
        }
    }
}
