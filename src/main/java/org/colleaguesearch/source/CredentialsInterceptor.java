package org.colleaguesearch.source;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;

/**
 * Sends credentials with each call to the API's own host, and to no other. When the API refuses them, makes the call
 * once more with new ones.
 */
record CredentialsInterceptor(Credentials credentials, ApiUrls api) implements ExecChainHandler {
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        HttpHost host = scope.route.getTargetHost();
        if (!api.isOwn(host.getSchemeName(), host.getHostName(), host.getPort())) {
            return chain.proceed(request, scope);
        }
        Header sent = credentials.header();
        if (sent == null) {
            return chain.proceed(request, scope);
        }
        request.setHeader(sent);
        ClassicHttpResponse response = chain.proceed(request, scope);
        if (response.getCode() != HttpStatus.SC_UNAUTHORIZED || !credentials.discard(sent)) {
            return response;
        }
        // Closes the connection, since closing the response would first read the rest, which may never end.
        scope.execRuntime.discardEndpoint();
        request.setHeader(credentials.header());
        ClassicHttpResponse second = chain.proceed(request, scope);
        if (second.getCode() == HttpStatus.SC_UNAUTHORIZED) {
            credentials.refusedAgain();
        }
        return second;
    }
}
