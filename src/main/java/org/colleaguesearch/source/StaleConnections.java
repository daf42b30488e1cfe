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
 * Makes a call once more, on a new connection, when the one that it was given turns out to be closed by the API, as
 * servers close idle ones: that says nothing of the API, and is no attempt. A call whose answer had begun, or whose
 * connection was new, fails as ever. Safe since all calls are GETs (RFC 9110, section 9.2.2). Any thread may
 * call: the pool is made for that.
 */
record StaleConnections(ConnPoolControl<?> pool) implements ExecChainHandler {
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        try {
            return chain.proceed(request, scope);
        } catch (IOException e) {
            if (!isClosed(e) || !wasUsedBefore(scope) || scope.execRuntime.isExecutionAborted()) {
                throw e;
            }
            scope.execRuntime.discardEndpoint();
            // The others that are idle are most likely closed, too.
            pool.closeIdle(TimeValue.ZERO_MILLISECONDS);
            return chain.proceed(request, scope);
        }
    }

    /** Not by a reset while the call waits for its answer, which may be the API's answer to this call. */
    private static boolean isClosed(IOException failure) {
        return failure instanceof NoHttpResponseException
                || failure instanceof ConnectionClosedException
                || (failure instanceof SocketException && "Broken pipe".equals(failure.getMessage()));
    }

    private static boolean wasUsedBefore(ExecChain.Scope scope) {
        EndpointDetails connection = scope.clientContext.getEndpointDetails();
        return connection != null && connection.getResponseCount() > 0;
    }
}
