package org.colleaguesearch.delivery;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;

/**
 * Aborts a request whose response is not complete within the response time-out. The client's own time-out limits only the
 * gap between two packets, so a slowly dripping response would never end. Stateless.
 */
final class ResponseDeadline implements AsyncExecChainHandler {
    @Override
    public void execute(
            HttpRequest request,
            AsyncEntityProducer entity,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback)
            throws HttpException, IOException {
        long millis = scope.clientContext
                .getRequestConfigOrDefault()
                .getResponseTimeout()
                .toMilliseconds();
        // Completed once: by the end of the response, or by the time-out.
        CompletableFuture<Void> ended = new CompletableFuture<>();
        CompletableFuture<Void> unused = ended.orTimeout(millis, TimeUnit.MILLISECONDS)
                .exceptionallyAsync(late -> {
                    scope.execRuntime.discardEndpoint();
                    callback.failed(
                            new SocketTimeoutException("the response was not complete after " + millis + " ms"));
                    return null;
                });
        chain.proceed(request, entity, scope, new DeadlineCallback(callback, ended));
    }

    private record DeadlineCallback(AsyncExecCallback callback, CompletableFuture<Void> ended)
            implements AsyncExecCallback {
        @Override
        public AsyncDataConsumer handleResponse(HttpResponse response, EntityDetails entity)
                throws HttpException, IOException {
            return callback.handleResponse(response, entity);
        }

        @Override
        public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
            callback.handleInformationResponse(response);
        }

        @Override
        public void completed() {
            if (ended.complete(null)) {
                callback.completed();
            }
        }

        @Override
        public void failed(Exception cause) {
            if (ended.complete(null)) {
                callback.failed(cause);
            }
        }
    }
}
