package org.colleaguesearch.source;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.colleaguesearch.settings.Settings;

/**
 * Adds an API key to the query of each call to the API's own host. Only the request that is sent has it: the URLs of
 * routes, logs, errors, metrics and traces do not. Stateless.
 *
 * @param parameter {@code name=value}, percent-encoded
 */
record QueryKey(String parameter, ApiUrls api) implements ExecChainHandler {
    static QueryKey of(Settings.Auth auth, ApiUrls api) {
        return new QueryKey(
                auth.apiKeyQuery() + "=" + URLEncoder.encode(auth.apiKey().reveal(), StandardCharsets.UTF_8), api);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        HttpHost host = scope.route.getTargetHost();
        if (api.isOwn(host.getSchemeName(), host.getHostName(), host.getPort())) {
            request.setPath(request.getPath() + (request.getPath().contains("?") ? "&" : "?") + parameter);
        }
        return chain.proceed(request, scope);
    }

    /** Hides the parameter. */
    @Override
    public String toString() {
        return "QueryKey";
    }
}
