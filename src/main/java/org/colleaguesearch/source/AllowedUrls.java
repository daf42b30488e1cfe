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
 * The URLs that exports may call: http or https, on a host and port in {@code colleagues.export.allowed-hosts}. {@link
 * PublicDns} checks the address of the host when a connection is made. Immutable.
 */
@Component("allowedUrls")
public class AllowedUrls {
    private static final Map<String, String> DEFAULT_PORT = Map.of("http", ":80$", "https", ":443$");

    private final Set<String> http;
    private final Set<String> https;

    AllowedUrls(Settings settings, Apis apis) {
        List<String> named = settings.export().allowedHosts();
        Set<String> own = Set.of(apis.urls(settings.export().api()).authority());
        this.http = named.isEmpty() ? own : authorities("http", named);
        this.https = named.isEmpty() ? own : authorities("https", named);
    }

    /** A host without a port gets the default port of the scheme. */
    private static Set<String> authorities(String scheme, List<String> named) {
        return named.stream()
                .map(host -> Authority.of(URI.create(scheme + "://" + host)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the URL to call, with scheme and host in canonical form: the URL that was checked is the URL that is
     * called.
     *
     * @throws UrlNotAllowed when exports may not call it
     */
    public String checked(String url) {
        URI parsed = parsed(url);
        String scheme = parsed.getScheme() == null ? "" : parsed.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new UrlNotAllowed("the URL must begin with http:// or https://");
        }
        if (parsed.getRawUserInfo() != null) {
            throw new UrlNotAllowed("the URL must not contain a user or password");
        }
        if (parsed.getHost() == null) {
            throw new UrlNotAllowed(
                    "the URL has no valid host; expected a name, an IPv4 address a.b.c.d or an IPv6 address"
                            + " in brackets");
        }
        if (parsed.getRawFragment() != null) {
            throw new UrlNotAllowed("the URL must not contain a fragment (#…)");
        }
        String authority = authority(parsed);
        if (!(scheme.equals("http") ? http : https).contains(authority)) {
            throw new UrlNotAllowed("the host " + authority + " is not allowed by colleagues.export.allowed-hosts");
        }
        String path = parsed.getRawPath().isEmpty() ? "/" : parsed.getRawPath();
        String query = parsed.getRawQuery() == null ? "" : "?" + parsed.getRawQuery();
        return straight(scheme + "://" + authority.replaceFirst(DEFAULT_PORT.get(scheme), "") + path + query);
    }

    private static String authority(URI url) {
        try {
            return Authority.of(url);
        } catch (IllegalArgumentException e) {
            throw new UrlNotAllowed("the host of the URL is not a valid IPv6 address");
        }
    }

    private static URI parsed(String url) {
        // URI accepts non-ASCII letters, and some programs treat a backslash as a slash.
        if (!url.chars().allMatch(each -> each > ' ' && each < 0x7f && each != '\\')) {
            throw new UrlNotAllowed(
                    "the URL contains a character that must be percent-encoded (in a host name: written as xn--…)");
        }
        try {
            URI parsed = new URI(url);
            return parsed.isOpaque() || parsed.getRawAuthority() == null ? parsed : parsed.parseServerAuthority();
        } catch (URISyntaxException e) {
            throw new UrlNotAllowed("not a valid URL: " + e.getReason());
        }
    }

    private static String straight(String url) {
        try {
            return ApiUrls.straight(url);
        } catch (PermanentFailure e) {
            throw new UrlNotAllowed(e.getMessage());
        }
    }
}
