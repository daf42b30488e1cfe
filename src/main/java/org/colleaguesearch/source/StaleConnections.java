package org.colleaguesearch.source;

import java.io.IOException;
import java.net.SocketException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.apache.hc.core5.util.TimeValue;

/**
 * Makes a call once more, on a new connection, if the API has closed the one from the pool, as servers close idle
 * connections: this says nothing about the API and is not an attempt. A call whose response had begun, or whose
 * connection was new, fails as usual. Only for GET, which is safe to repeat (RFC 9110, section 9.2.2). Thread-safe, like the
 * pool.
 */
record StaleConnections(ConnPoolControl<?> pool) implements ExecChainHandler {
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        try {
            return chain.proceed(request, scope);
        } catch (IOException e) {
            if (!"GET".equals(request.getMethod())
                    || !isClosed(e)
                    || !wasUsedBefore(scope)
                    || scope.execRuntime.isExecutionAborted()) {
                throw e;
            }
            scope.execRuntime.discardEndpoint();
            // The other idle connections are most likely closed, too.
            pool.closeIdle(TimeValue.ZERO_MILLISECONDS);
            return chain.proceed(request, scope);
        }
    }

    /** Excludes a reset while the call waits for its response, which may be the API's reaction to this call. */
    private static boolean isClosed(IOException failure) {
        return failure instanceof NoHttpResponseException
                || failure instanceof ConnectionClosedException
                || (failure instanceof SocketException && "Broken pipe".equals(failure.getMessage()));
    }

    private static boolean wasUsedBefore(ExecChain.Scope scope) {
        EndpointDetails connection = scope.clientContext.getEndpointDetails();
        // The first response on a tunnelled connection is the proxy's.
        return connection != null && connection.getResponseCount() > (scope.route.isTunnelled() ? 1 : 0);
    }
}
