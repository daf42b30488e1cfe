package org.colleaguesearch.source;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.util.Timeout;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** Sets up the HTTP client for one API: connections, time-outs, limits and credentials. */
class ApiClient implements HttpClientConfigurer {
    private static final Logger LOG = LoggerFactory.getLogger(ApiClient.class);

    /** Headers are read into memory, by default without limit. */
    private static final Http1Config HEADER_LIMITS = Http1Config.custom()
            .setMaxHeaderCount(200)
            .setMaxLineLength(64 * 1024)
            .build();

    /** The content codings that the client requests and decodes. */
    private static final Pattern READABLE =
            Pattern.compile("\\s*(|identity|((x-)?gzip|deflate)(\\s*,\\s*identity)?)\\s*", Pattern.CASE_INSENSITIVE);

    private final NamedApi named;
    private final Settings.Api api;
    private final Workers workers;
    private final TlsSocketStrategy tls;
    private final Proxies proxies;
    private final DnsResolver dns;

    /** One for all Camel contexts: a refresh token that was used must not be used again. */
    private final Credentials credentials;

    @Autowired
    ApiClient(String api, Settings settings, Workers workers, Apis apis, SslBundles bundles) {
        this(api, settings, workers, apis, bundles, SystemDefaultDnsResolver.INSTANCE);
    }

    /** For tests, with another DNS resolver. */
    ApiClient(String api, Settings settings, Workers workers, Apis apis, SslBundles bundles, DnsResolver dns) {
        this.named = apis.get(api);
        this.api = named.settings();
        this.workers = workers;
        this.tls = tls(bundles);
        boolean isAnywhere = settings.export().allowPrivateAddresses();
        this.proxies =
                new Proxies(this.api.proxy(), System.getenv(), authority -> isAnywhere || apis.hasAuthority(authority));
        DnsResolver awaited = new TimeLimitedDns(dns, this.api.connectTimeout());
        this.dns = isAnywhere
                ? awaited
                : new PublicDns(awaited, authority -> apis.hasAuthority(authority) || proxies.hasAuthority(authority));
        this.credentials = Credentials.of(named, tls, proxies);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        PoolingHttpClientConnectionManager connections = connections();
        Settings.Auth auth = api.auth();
        if (auth.apiKey().isSet() && auth.apiKeyQuery() != null) {
            client.addExecInterceptorFirst("key", QueryKey.of(auth, named.urls()));
        }
        limited(client, api, proxies)
                .setConnectionManager(connections)
                .addExecInterceptorAfter("limits", "credentials", new CredentialsInterceptor(credentials, named.urls()))
                .addExecInterceptorAfter("credentials", "stale", new StaleConnections(connections))
                // Inside the decompression step, which treats content of an unknown coding as uncompressed.
                .addExecInterceptorAfter(ChainElement.COMPRESS.name(), "codings", ApiClient::readable);
    }

    /** Sets the limits of a call, and turns off whatever the client would do on its own. */
    static HttpClientBuilder limited(HttpClientBuilder client, Settings.Api api, Proxies proxies) {
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
                .setRoutePlanner(proxies)
                .addExecInterceptorBefore(ChainElement.CONNECT.name(), "tunnel", Proxies::tunnelled)
                .setUserAgent("colleague-search")
                .addExecInterceptorFirst(
                        "limits", new ResponseLimits(api.maxResponseSize().toBytes(), api.responseTimeout()))
                .addRequestInterceptorFirst((request, entity, context) -> {
                    if (!request.containsHeader(HttpHeaders.ACCEPT)) {
                        request.setHeader(HttpHeaders.ACCEPT, "application/json");
                    }
                });
    }

    /**
     * With the certificates of the API's bundle for its own host and its token endpoint, and those that Java trusts for
     * other hosts, which exports may call. A bundle with {@code reload-on-update} is replaced when its files change.
     */
    private TlsSocketStrategy tls(SslBundles bundles) {
        TlsSocketStrategy usual = DefaultClientTlsStrategy.createDefault();
        String name = api.sslBundle();
        if (name == null) {
            return usual;
        }
        AtomicReference<TlsSocketStrategy> own = new AtomicReference<>(tls(bundles.getBundle(name)));
        bundles.addBundleUpdateHandler(name, bundle -> {
            own.set(tls(bundle));
            LOG.info("API {}: new connections use the changed certificates of {}", named.name(), name);
        });
        URI tokens = api.auth().oauth2().tokenUrl();
        return (socket, host, port, attachment, context) -> {
            boolean isOwn = named.urls().isOwn("https", host, port)
                    || (tokens != null && Authority.of(tokens).equals(Authority.of("https", host, port)));
            return (isOwn ? own.get() : usual).upgrade(socket, host, port, attachment, context);
        };
    }

    private static TlsSocketStrategy tls(SslBundle bundle) {
        return new DefaultClientTlsStrategy(
                bundle.createSslContext(),
                bundle.getOptions().getEnabledProtocols(),
                bundle.getOptions().getCiphers(),
                SSLBufferMode.STATIC,
                null);
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
                .setTlsSocketStrategy(tls)
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setMaxConnPerRoute(size)
                .setMaxConnTotal(size)
                .setConnectionFactory(connectionFactory())
                .setDefaultConnectionConfig(timeouts(api))
                .build();
    }
}
