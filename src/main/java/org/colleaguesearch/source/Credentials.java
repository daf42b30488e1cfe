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
 * Sends the credentials with each call to the API's own host, and makes it once more with new ones where the API no
 * longer takes them. No other host gets any.
 */
record Credentials(Authorization authorization, ApiUrls api) implements ExecChainHandler {
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        HttpHost host = scope.route.getTargetHost();
        if (!api.isOwn(host.getSchemeName(), host.getHostName(), host.getPort())) {
            return chain.proceed(request, scope);
        }
        Header sent = authorization.header();
        if (sent == null) {
            return chain.proceed(request, scope);
        }
        request.setHeader(sent);
        ClassicHttpResponse answer = chain.proceed(request, scope);
        if (answer.getCode() != HttpStatus.SC_UNAUTHORIZED || !authorization.discard(sent)) {
            return answer;
        }
        // With its connection, since to close the answer would first read all the rest, which may never end.
        scope.execRuntime.discardEndpoint();
        request.setHeader(authorization.header());
        ClassicHttpResponse second = chain.proceed(request, scope);
        if (second.getCode() == HttpStatus.SC_UNAUTHORIZED) {
            authorization.refusedAgain();
        }
        return second;
    }
}
