package org.colleaguesearch.source;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;

/** Host and port in one spelling, so that two can be compared as texts. */
final class Authority {
    private Authority() {}

    /** Of a URL with a scheme and a host. */
    static String of(URI url) {
        return of(url.getScheme(), url.getHost(), url.getPort());
    }

    /**
     * {@code host:port}.
     *
     * @param port negative for the scheme's own
     */
    static String of(String scheme, String host, int port) {
        int known = "https".equalsIgnoreCase(scheme) ? 443 : 80;
        return host(host) + ":" + (port < 0 ? known : port);
    }

    /**
     * In lower case, without the dot that a name from the root has at its end. An IPv6 address is in brackets, without
     * abbreviations, and as an IPv4 address where it stands for one.
     */
    static String host(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.indexOf(':') >= 0) {
            return address(name);
        }
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** A host with a colon is an address: nothing is asked for it. */
    private static String address(String literal) {
        try {
            InetAddress address = InetAddress.getByName(literal);
            String text = address.getHostAddress();
            return text.indexOf(':') < 0 ? text : "[" + text + "]";
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no IPv6 address: " + literal, e);
        }
    }
}
