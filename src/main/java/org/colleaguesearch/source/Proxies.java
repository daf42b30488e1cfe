package org.colleaguesearch.source;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.colleaguesearch.failure.StartFailure;

/**
 * Sends calls through an HTTP proxy: the one that is set, else that of the environment, {@code HTTPS_PROXY} or {@code
 * HTTP_PROXY}, in upper or lower case, except for the hosts in {@code NO_PROXY}. Calls to this machine never go through
 * a proxy of the environment, and calls to hosts whose addresses are checked go through none: a proxy would look their
 * names up itself. Immutable.
 */
final class Proxies extends DefaultRoutePlanner {
    private static final List<String> LOCAL = List.of("localhost", "127.0.0.1", "::1", "[::1]");

    private final boolean isSet;
    private final Optional<HttpHost> forHttp;
    private final Optional<HttpHost> forHttps;
    private final List<String> excluded;
    private final Predicate<String> isAllowed;

    /**
     * @param set null for those of the environment
     * @param isAllowed whether calls to a host and port, in the form of {@link Authority}, may go through a proxy
     * @throws StartFailure when the environment names a proxy that cannot be used
     */
    Proxies(URI set, Map<String, String> environment, Predicate<String> isAllowed) {
        super(null);
        this.isSet = set != null;
        this.forHttp = isSet ? Optional.of(HttpHost.create(set)) : proxy("http_proxy", environment);
        this.forHttps = isSet ? forHttp : proxy("https_proxy", environment);
        this.excluded = Stream.of(variable("no_proxy", environment).orElse("").split(",", -1))
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .map(host -> host.replaceFirst("^\\*?\\.", "").replaceFirst("^([^:]+):\\d+$", "$1"))
                .toList();
        this.isAllowed = isAllowed;
    }

    @Override
    protected HttpHost determineProxy(HttpHost target, HttpContext context) {
        String authority = Authority.of(target.getSchemeName(), target.getHostName(), target.getPort());
        boolean isDirect = !isAllowed.test(authority) || (!isSet && isExcluded(target.getHostName()));
        return isDirect ? null : ("https".equals(target.getSchemeName()) ? forHttps : forHttp).orElse(null);
    }

    /** Whether a host and port, in the form of {@link Authority}, are those of a proxy. */
    boolean hasAuthority(String authority) {
        return Stream.of(forHttp, forHttps)
                .flatMap(Optional::stream)
                .anyMatch(proxy -> Authority.of(proxy.getSchemeName(), proxy.getHostName(), proxy.getPort())
                        .equals(authority));
    }

    /**
     * Fails a call whose tunnel the proxy has refused: its response would otherwise pass for the API's. Called around
     * the step that connects.
     */
    static ClassicHttpResponse tunnelled(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        if (scope.route.isTunnelled() && scope.clientContext.getSSLSession() == null) {
            scope.execRuntime.discardEndpoint();
            throw new ConnectException("the proxy " + scope.route.getProxyHost().toHostString()
                    + " refused the connection: HTTP " + response.getCode());
        }
        return response;
    }

    private boolean isExcluded(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return LOCAL.contains(name)
                || excluded.stream()
                        .anyMatch(each -> each.equals("*") || name.equals(each) || name.endsWith("." + each));
    }

    /** The variable may name the proxy without a scheme. Its value is not shown: it may contain a password. */
    private static Optional<HttpHost> proxy(String name, Map<String, String> environment) {
        return variable(name, environment).map(value -> {
            try {
                URI proxy = URI.create(value.contains("://") ? value : "http://" + value);
                if (proxy.getHost() != null
                        && proxy.getRawUserInfo() == null
                        && proxy.getScheme().matches("https?")) {
                    return HttpHost.create(proxy);
                }
            } catch (IllegalArgumentException e) {
                // Named below.
            }
            throw new StartFailure("the environment variable " + name + " or " + name.toUpperCase(Locale.ROOT)
                    + " is no HTTP proxy that can be used: expected http://host:port, without user and password");
        });
    }

    private static Optional<String> variable(String name, Map<String, String> environment) {
        return Stream.of(name, name.toUpperCase(Locale.ROOT))
                .map(environment::get)
                .filter(value -> value != null && !value.isBlank())
                .findFirst();
    }
}
