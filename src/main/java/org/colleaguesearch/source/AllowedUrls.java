package org.colleaguesearch.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/**
 * Which URLs an export may call: http or https, on a host and port that {@code colleagues.export.allowed-hosts} names.
 * What the host leads to is checked when a connection is made: see {@link GuardedDns}. Immutable.
 */
@Component("allowedUrls")
public class AllowedUrls {
    private static final Map<String, String> DEFAULT_PORT = Map.of("http", ":80$", "https", ":443$");

    private final Set<String> http;
    private final Set<String> https;

    AllowedUrls(Settings settings, ApiUrls api) {
        List<String> named = settings.export().allowedHosts();
        this.http = named.isEmpty() ? Set.of(api.authority()) : authorities("http", named);
        this.https = named.isEmpty() ? Set.of(api.authority()) : authorities("https", named);
    }

    /** A host without a port has the scheme's. */
    private static Set<String> authorities(String scheme, List<String> named) {
        return named.stream()
                .map(host -> Authority.of(URI.create(scheme + "://" + host)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The URL as it is to be called, with scheme and host in one spelling: what was checked is what is called.
     *
     * @throws NotAllowed when it may not be
     */
    public String checked(String url) {
        URI parsed = parsed(url);
        String scheme = parsed.getScheme() == null ? "" : parsed.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new NotAllowed("the URL must begin with http:// or https://");
        }
        if (parsed.getRawUserInfo() != null) {
            throw new NotAllowed("the URL must not hold a user or password");
        }
        if (parsed.getHost() == null) {
            throw new NotAllowed("the URL has no host that is written as a name, an IPv4 address a.b.c.d or an IPv6"
                    + " address in brackets");
        }
        if (parsed.getRawFragment() != null) {
            throw new NotAllowed("the URL must not hold a fragment, #…");
        }
        String authority = authority(parsed);
        if (!(scheme.equals("http") ? http : https).contains(authority)) {
            throw new NotAllowed("the host " + authority
                    + " is not among those that colleagues.export.allowed-hosts lets" + " exports call");
        }
        String path = parsed.getRawPath().isEmpty() ? "/" : parsed.getRawPath();
        String query = parsed.getRawQuery() == null ? "" : "?" + parsed.getRawQuery();
        return straight(scheme + "://" + authority.replaceFirst(DEFAULT_PORT.get(scheme), "") + path + query);
    }

    private static String authority(URI url) {
        try {
            return Authority.of(url);
        } catch (IllegalArgumentException e) {
            throw new NotAllowed("the URL's host is no IPv6 address");
        }
    }

    private static URI parsed(String url) {
        // Java lets other letters through; and other programs than Java's may take a backslash for a slash.
        if (!url.chars().allMatch(each -> each > ' ' && each < 0x7f && each != '\\')) {
            throw new NotAllowed("the URL holds a character that must be percent-encoded, or in a host as xn--…");
        }
        try {
            URI parsed = new URI(url);
            return parsed.isOpaque() || parsed.getRawAuthority() == null ? parsed : parsed.parseServerAuthority();
        } catch (URISyntaxException e) {
            throw new NotAllowed("this is no URL: " + e.getReason());
        }
    }

    private static String straight(String url) {
        try {
            return ApiUrls.straight(url);
        } catch (PermanentFailure e) {
            throw new NotAllowed(e.getMessage());
        }
    }
}
