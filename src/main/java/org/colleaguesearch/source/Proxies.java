package org.colleaguesearch.source;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Sends calls through an HTTP proxy: the one that is set, else that of the environment, as {@code curl} does: {@code
 * HTTPS_PROXY} or {@code HTTP_PROXY}, in upper or lower case, except for the hosts in {@code NO_PROXY}. Calls to this
 * machine never go through a proxy of the environment. Immutable.
 */
final class Proxies extends DefaultRoutePlanner {
    private static final List<String> LOCAL = List.of("localhost", "127.0.0.1", "::1", "[::1]");

    private final URI set;
    private final Map<String, String> environment;

    /** {@code set}: null for that of the environment. */
    Proxies(URI set, Map<String, String> environment) {
        super(null);
        this.set = set;
        this.environment = environment;
    }

    @Override
    protected HttpHost determineProxy(HttpHost target, HttpContext context) {
        return proxy(target).orElse(null);
    }

    /** Whether a host and port, in the form of {@link Authority}, are those of a proxy. */
    boolean hasAuthority(String authority) {
        return Stream.of(new HttpHost("http", "any.invalid"), new HttpHost("https", "any.invalid"))
                .flatMap(target -> proxy(target).stream())
                .anyMatch(proxy -> Authority.of(proxy.getSchemeName(), proxy.getHostName(), proxy.getPort())
                        .equals(authority));
    }

    private Optional<HttpHost> proxy(HttpHost target) {
        if (set != null) {
            return Optional.of(HttpHost.create(set));
        }
        return isExcluded(target.getHostName())
                ? Optional.empty()
                : variable(target.getSchemeName() + "_proxy").map(Proxies::host);
    }

    /** The variable may name the proxy without a scheme. */
    private static HttpHost host(String proxy) {
        return HttpHost.create(URI.create(proxy.contains("://") ? proxy : "http://" + proxy));
    }

    private boolean isExcluded(String host) {
        return LOCAL.contains(host)
                || Stream.of(variable("no_proxy").orElse("").split(",", -1))
                        .map(String::strip)
                        .filter(excluded -> !excluded.isEmpty())
                        .map(excluded -> excluded.replaceFirst("^\\*?\\.", "").replaceFirst(":\\d+$", ""))
                        .anyMatch(excluded -> excluded.equals("*")
                                || host.equalsIgnoreCase(excluded)
                                || host.toLowerCase(Locale.ROOT).endsWith("." + excluded.toLowerCase(Locale.ROOT)));
    }

    private Optional<String> variable(String name) {
        return Stream.of(name, name.toUpperCase(Locale.ROOT))
                .map(environment::get)
                .filter(value -> value != null && !value.isBlank())
                .findFirst();
    }
}
