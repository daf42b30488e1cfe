package org.colleaguesearch.source;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.Timeout;
import org.colleaguesearch.settings.Settings;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Sets up the HTTP client behind {@code http:people-api}: connections, time-outs, limits and credentials. */
@Component("apiClient")
class ApiClient implements HttpClientConfigurer {
    /** Headers are read into memory, by default without limit. */
    private static final Http1Config HEADER_LIMITS = Http1Config.custom()
            .setMaxHeaderCount(200)
            .setMaxLineLength(64 * 1024)
            .build();

    /** The content codings that the client requests and decodes. */
    private static final Pattern READABLE =
            Pattern.compile("\\s*(|identity|((x-)?gzip|deflate)(\\s*,\\s*identity)?)\\s*", Pattern.CASE_INSENSITIVE);

    private final Settings.Api api;
    private final Workers workers;
    private final ApiUrls urls;
    private final DnsResolver dns;

    @Autowired
    ApiClient(Settings settings, Workers workers, ApiUrls urls) {
        this(settings, workers, urls, SystemDefaultDnsResolver.INSTANCE);
    }

    /** For tests, with another DNS resolver. */
    ApiClient(Settings settings, Workers workers, ApiUrls urls, DnsResolver dns) {
        this.api = settings.api();
        this.workers = workers;
        this.urls = urls;
        DnsResolver awaited = new TimeLimitedDns(dns, api.connectTimeout());
        this.dns = settings.export().allowPrivateAddresses() ? awaited : new PublicDns(awaited, urls);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        PoolingHttpClientConnectionManager connections = connections();
        limited(client, api)
                .setConnectionManager(connections)
                .addExecInterceptorAfter("limits", "credentials", new CredentialsInterceptor(Credentials.of(api), urls))
                .addExecInterceptorAfter("credentials", "stale", new StaleConnections(connections))
                // Inside the decompression step, which treats content of an unknown coding as uncompressed.
                .addExecInterceptorAfter(ChainElement.COMPRESS.name(), "codings", ApiClient::readable);
    }

    /** Sets the limits of a call, and turns off whatever the client would do on its own. */
    static HttpClientBuilder limited(HttpClientBuilder client, Settings.Api api) {
        Timeout responseTimeout = Timeout.of(api.responseTimeout());
        return client.setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(responseTimeout)
                        // There is a connection for every worker, so a wait for one is a bug.
                        .setConnectionRequestTimeout(responseTimeout)
                        .build())
                // The route retries, where retries are counted and visible; but see StaleConnections.
                .disableAutomaticRetries()
                // A redirect could send the API's credentials anywhere.
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("colleague-search")
                .addExecInterceptorFirst(
                        "limits", new ResponseLimits(api.maxResponseSize().toBytes(), api.responseTimeout()))
                .addRequestInterceptorFirst(
                        (request, entity, context) -> request.setHeader("Accept", "application/json"));
    }

    /** Rejects a response whose content coding cannot be decoded. */
    private static ClassicHttpResponse readable(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        Header coding = response.getFirstHeader(HttpHeaders.CONTENT_ENCODING);
        if (coding != null
                && response.getCode() < 300
                && !READABLE.matcher(coding.getValue()).matches()) {
            scope.execRuntime.discardEndpoint();
            throw new UnreadableResponse("unsupported Content-Encoding of the response: "
                    + ApiFailures.firstLine(coding.getValue()) + "; supported: gzip, deflate");
        }
        return response;
    }

    static ConnectionConfig timeouts(Settings.Api api) {
        return ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(api.connectTimeout()))
                .setSocketTimeout(Timeout.of(api.responseTimeout()))
                // The API may have closed a connection that was idle for longer, which a call would notice too late.
                // Checking takes a millisecond.
                .setValidateAfterInactivity(Timeout.of(100, TimeUnit.MILLISECONDS))
                .build();
    }

    static ManagedHttpClientConnectionFactory connectionFactory() {
        return ManagedHttpClientConnectionFactory.builder()
                .http1Config(HEADER_LIMITS)
                .build();
    }

    /** One connection per worker. The lax pool has no lock that hundreds of threads would contend for. */
    private PoolingHttpClientConnectionManager connections() {
        int size = workers.count();
        return AbortableSocket.connections()
                // Called for each new connection, which then goes to one of the returned addresses.
                .setDnsResolver(dns)
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setMaxConnPerRoute(size)
                .setMaxConnTotal(size)
                .setConnectionFactory(connectionFactory())
                .setDefaultConnectionConfig(timeouts(api))
                .build();
    }
}
