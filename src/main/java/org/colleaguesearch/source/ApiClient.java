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
    /** Headers are read into memory whole, and by default without end. */
    private static final Http1Config HEADER_LIMITS = Http1Config.custom()
            .setMaxHeaderCount(200)
            .setMaxLineLength(64 * 1024)
            .build();

    /** The content codings that the client asks for and unpacks. */
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

    /** With other answers to the question for a host's addresses. */
    ApiClient(Settings settings, Workers workers, ApiUrls urls, DnsResolver dns) {
        this.api = settings.api();
        this.workers = workers;
        this.urls = urls;
        DnsResolver awaited = new AwaitedDns(dns, api.connectTimeout());
        this.dns = settings.export().allowPrivateAddresses() ? awaited : new GuardedDns(awaited, urls);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        PoolingHttpClientConnectionManager connections = connections();
        limited(client, api)
                .setConnectionManager(connections)
                .addExecInterceptorAfter("limits", "credentials", new Credentials(Authorization.of(api), urls))
                .addExecInterceptorAfter("credentials", "stale", new StaleConnections(connections))
                // Within the step that unpacks, and takes what it does not know for something that is not packed.
                .addExecInterceptorAfter(ChainElement.COMPRESS.name(), "codings", ApiClient::readable);
    }

    /** With the limits of a call, and nothing that a call is not to do by itself. */
    static HttpClientBuilder limited(HttpClientBuilder client, Settings.Api api) {
        Timeout responseTimeout = Timeout.of(api.responseTimeout());
        return client.setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(responseTimeout)
                        // There is a connection for every worker; waiting for one means that this has gone wrong.
                        .setConnectionRequestTimeout(responseTimeout)
                        .build())
                // Retries are the route's, where they are counted and can be seen; but see StaleConnections.
                .disableAutomaticRetries()
                // A redirect could lead anywhere, with the API's credentials.
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("colleague-search")
                .addExecInterceptorFirst(
                        "limits", new ResponseLimits(api.maxResponseSize().toBytes(), api.responseTimeout()))
                .addRequestInterceptorFirst(
                        (request, entity, context) -> request.setHeader("Accept", "application/json"));
    }

    /** An answer that can be unpacked: one of another content coding is none, whatever it was asked for. */
    private static ClassicHttpResponse readable(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse answer = chain.proceed(request, scope);
        Header coding = answer.getFirstHeader(HttpHeaders.CONTENT_ENCODING);
        if (coding != null
                && answer.getCode() < 300
                && !READABLE.matcher(coding.getValue()).matches()) {
            scope.execRuntime.discardEndpoint();
            throw new UnreadableAnswer("the answer's Content-Encoding cannot be read: "
                    + ApiFailures.firstLine(coding.getValue()) + "; gzip and deflate can");
        }
        return answer;
    }

    static ConnectionConfig timeouts(Settings.Api api) {
        return ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(api.connectTimeout()))
                .setSocketTimeout(Timeout.of(api.responseTimeout()))
                // Longer idle ones may have been closed by the API, which a call would find out too late; to ask takes
                // a millisecond.
                .setValidateAfterInactivity(Timeout.of(100, TimeUnit.MILLISECONDS))
                .build();
    }

    static ManagedHttpClientConnectionFactory connectionFactory() {
        return ManagedHttpClientConnectionFactory.builder()
                .http1Config(HEADER_LIMITS)
                .build();
    }

    /** As many connections as there are workers. The lax pool takes no lock that hundreds of threads would queue at. */
    private PoolingHttpClientConnectionManager connections() {
        int size = workers.count();
        return DroppableSocket.connections()
                // Asked for each new connection, which is then made to one of the addresses that it gave.
                .setDnsResolver(dns)
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setMaxConnPerRoute(size)
                .setMaxConnTotal(size)
                .setConnectionFactory(connectionFactory())
                .setDefaultConnectionConfig(timeouts(api))
                .build();
    }
}
