package org.colleaguesearch.delivery;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.colleaguesearch.source.ApiFailures;
import org.colleaguesearch.tracing.CallSpan;

/**
 * Records a span for each request to OpenSearch that is part of a trace, following OpenTelemetry's semantic conventions
 * for HTTP and databases. The search terms are not recorded. Stateless.
 */
final class TracedRequests implements AsyncExecChainHandler {
    @Override
    public void execute(
            HttpRequest request,
            AsyncEntityProducer entity,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback)
            throws HttpException, IOException {
        if (!CallSpan.isWanted()) {
            chain.proceed(request, entity, scope, callback);
            return;
        }
        CallSpan span = begin(request);
        try {
            chain.proceed(request, entity, scope, new SpanCallback(callback, span));
        } catch (HttpException | IOException | RuntimeException e) {
            end(span, e);
            throw e;
        }
    }

    private static CallSpan begin(HttpRequest request) throws HttpException {
        URI url;
        try {
            url = request.getUri();
        } catch (URISyntaxException e) {
            throw new HttpException("invalid URL: " + request.getRequestUri(), e);
        }
        List<String> path = Arrays.stream(url.getPath().split("/"))
                .filter(segment -> !segment.isEmpty())
                .toList();
        String operation = path.stream()
                .filter(segment -> segment.startsWith("_"))
                .findFirst()
                .map(segment -> segment.substring(1))
                .orElse(request.getMethod());
        Optional<String> index = path.stream().findFirst().filter(segment -> !segment.startsWith("_"));
        CallSpan span = CallSpan.begin(operation + index.map(name -> " " + name).orElse(""), request.getMethod(), url)
                .with("db.system.name", "opensearch")
                .with("db.operation.name", operation);
        return index.map(name -> span.with("db.collection.name", name)).orElse(span);
    }

    private static void end(CallSpan span, Exception failure) {
        span.failed(failure.getClass().getName(), ApiFailures.reason(failure));
        span.end();
    }

    private record SpanCallback(AsyncExecCallback callback, CallSpan span) implements AsyncExecCallback {
        @Override
        public AsyncDataConsumer handleResponse(HttpResponse response, EntityDetails entity)
                throws HttpException, IOException {
            span.answered(response.getCode());
            return callback.handleResponse(response, entity);
        }

        @Override
        public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
            callback.handleInformationResponse(response);
        }

        @Override
        public void completed() {
            span.end();
            callback.completed();
        }

        @Override
        public void failed(Exception cause) {
            end(span, cause);
            callback.failed(cause);
        }
    }
}
