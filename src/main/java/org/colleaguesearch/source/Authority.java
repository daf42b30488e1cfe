package org.colleaguesearch.source;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;

/** Host and port in canonical form, so that they can be compared as strings. */
final class Authority {
    private Authority() {}

    /** Of a URL with a scheme and a host. */
    static String of(URI url) {
        return of(url.getScheme(), url.getHost(), url.getPort());
    }

    /**
     * {@code host:port}.
     *
     * @param port negative for the default of the scheme
     */
    static String of(String scheme, String host, int port) {
        int known = "https".equalsIgnoreCase(scheme) ? 443 : 80;
        return host(host) + ":" + (port < 0 ? known : port);
    }

    /**
     * In lower case, without the trailing dot of a fully qualified name. An IPv6 address is in brackets, without
     * abbreviations, and becomes an IPv4 address if it maps one.
     */
    static String host(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.indexOf(':') >= 0) {
            return address(name);
        }
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** A host with a colon is a literal address: this makes no DNS lookup. */
    private static String address(String literal) {
        try {
            InetAddress address = InetAddress.getByName(literal);
            String text = address.getHostAddress();
            return text.indexOf(':') < 0 ? text : "[" + text + "]";
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IPv6 address: " + literal, e);
        }
    }
}
