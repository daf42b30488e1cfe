package org.colleaguesearch.source;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Secret;
import org.colleaguesearch.settings.Settings;
import org.springframework.web.util.UriUtils;

/** Builds absolute URLs of one API. Thread-safe. */
public final class ApiUrls {
    /** RFC 3986 removes such segments from a path (section 5.2.4), also when percent-encoded (section 6.2.2.2). */
    private static final Pattern DOT_SEGMENT = Pattern.compile("/(\\.|%2e){1,2}(/|$)", Pattern.CASE_INSENSITIVE);

    /** What no URL may contain (RFC 3986, section 2), and a % that encodes nothing. */
    private static final Pattern INVALID = Pattern.compile("[^A-Za-z0-9._~:/?@!$&'()*+,;=%-]+|%(?![0-9A-Fa-f]{2})");

    /** Scheme and host, in which nothing is encoded: an IPv6 address has brackets. */
    private static final Pattern HOST = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/?]*");

    /** A parameter with a shorter value than this is more likely an ordinary one than a secret that was repeated. */
    private static final int SHORTEST_SECRET = 8;

    private static final Pattern PARAMETER = Pattern.compile("(?<=[?&])([^=&#]*)=([^&#]*)&?");

    private final String api;
    private final URI base;
    private final String prefix;
    /** The query parameter in which each call gets the API key; null for none. */
    private final String keyParameter;

    /** What calls are authenticated with, without the access tokens. */
    private final Set<String> secrets;
    /** The newest access token and the one before, which calls under way still have. */
    private volatile List<String> tokens = List.of();

    /** {@code api}: its name, for messages. */
    public ApiUrls(String api, URI base) {
        this(api, base, Settings.Auth.NONE);
    }

    /** {@code auth}: the credentials of the API, which it may repeat in its links; no URL here has them. */
    ApiUrls(String api, URI base, Settings.Auth auth) {
        this.api = api;
        this.base = base;
        this.prefix = base.toString().replaceFirst("/+$", "");
        this.keyParameter = auth.apiKey().isSet() ? auth.apiKeyQuery() : null;
        this.secrets = Stream.of(auth.bearerToken(), auth.apiKey(), auth.password())
                .map(Secret::reveal)
                .filter(secret -> secret.length() >= SHORTEST_SECRET)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Called with each access token before a call has it, by one thread at a time. */
    void issued(String token) {
        tokens = Stream.concat(Stream.of(token), tokens.stream()).limit(2).toList();
    }

    /**
     * Returns the absolute URL of a path that starts with /, below the base URL, or an absolute URL in canonical form.
     *
     * @throws IllegalArgumentException when the URL is not valid, for example has a character that must be
     *     percent-encoded (Camel would resolve {@code {{…}}} in it), or is on another host: the API's credentials go to
     *     its own host only
     */
    public String resolve(String url) {
        return url.startsWith("/") && !url.startsWith("//")
                ? withoutSecrets(URI.create(prefix + url).toString())
                : own(base.resolve(url));
    }

    /** With the scheme, host and port as in the base URL, so that each host has one name; without the fragment. */
    private String own(URI url) {
        boolean isOwn = url.getHost() != null
                && url.getRawUserInfo() == null
                && isOwn(url.getScheme(), url.getHost(), url.getPort());
        if (!isOwn) {
            throw new IllegalArgumentException(
                    "the URL " + Secret.hiddenIn(url.getScheme() + "://" + url.getRawAuthority())
                            + "/… is not on the host of the API '" + api + "', " + base.getAuthority());
        }
        return withoutSecrets(base.getScheme() + "://" + base.getRawAuthority() + url.getRawPath()
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery()));
    }

    /** An API may repeat its credentials in its links. Each call gets them anyway, and URLs are shown. */
    private String withoutSecrets(String url) {
        String without = PARAMETER
                .matcher(url)
                .replaceAll(parameter -> isSecret(parameter.group(1), parameter.group(2))
                        ? ""
                        : Matcher.quoteReplacement(parameter.group()));
        return without.equals(url) ? url : without.replaceFirst("[?&]$", "");
    }

    private boolean isSecret(String parameter, String value) {
        String decoded = UriUtils.decode(value, StandardCharsets.UTF_8);
        return parameter.equals(keyParameter)
                || Stream.of(value, decoded).anyMatch(each -> secrets.contains(each) || tokens.contains(each));
    }

    /**
     * Returns the absolute URL of a link in a page. As in a browser, characters that must be percent-encoded need not
     * be.
     *
     * @param link absolute, or relative to the page's own URL (RFC 3986, section 5.2)
     * @param page the absolute URL of the page
     * @throws IllegalArgumentException when it leads to another host, or is not a URL even so
     */
    public String follow(String link, String page) {
        URI from = URI.create(page);
        String encoded = encoded(link.strip().replaceFirst("(?s)#.*", ""));
        URI resolved;
        try {
            // URI follows RFC 2396, which drops the last path segment when the link is only a query.
            resolved = from.resolve(encoded.startsWith("?") ? from.getRawPath() + encoded : encoded);
        } catch (IllegalArgumentException e) {
            // Without the link, which may contain the API key.
            throw new IllegalArgumentException("the link to the next page of the API '" + api + "' is not a valid URL");
        }
        return own(resolved);
    }

    /** A URL with a query parameter, which replaces one of the same name. */
    static String with(String url, String name, String value) {
        String encoded = UriUtils.encode(name, StandardCharsets.UTF_8);
        Pattern before = Pattern.compile("(?<=[?&])" + Pattern.quote(encoded) + "(=[^&#]*)?(&|$)");
        String without = before.matcher(url).replaceAll("").replaceFirst("[?&]$", "");
        return without + (without.contains("?") ? "&" : "?") + encoded + "="
                + UriUtils.encode(value, StandardCharsets.UTF_8);
    }

    private static String encoded(String link) {
        Matcher host = HOST.matcher(link);
        int end = host.find() ? host.end() : 0;
        return link.substring(0, end)
                + INVALID.matcher(link.substring(end))
                        .replaceAll(character -> UriUtils.encode(character.group(), StandardCharsets.UTF_8));
    }

    /** The API's own host and port, in the form of {@link Authority}. */
    String authority() {
        return Authority.of(base);
    }

    /** Whether scheme, host and port are the API's own: its credentials may go nowhere else. */
    boolean isOwn(String scheme, String host, int port) {
        return base.getScheme().equalsIgnoreCase(scheme) && authority().equals(Authority.of(scheme, host, port));
    }

    /**
     * Returns an absolute URL unless its path has a dot segment, as from an id {@code ..}, which percent-encoding
     * cannot protect.
     */
    static String straight(String url) throws PermanentFailure {
        String path = URI.create(url).getRawPath();
        if (path != null && DOT_SEGMENT.matcher(path).find()) {
            throw new PermanentFailure("the path of the URL has a '.' or '..' segment; such URLs are not called");
        }
        return url;
    }
}
