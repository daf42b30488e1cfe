package org.colleaguesearch.source;

import java.net.URI;
import java.util.regex.Pattern;

/** Builds absolute URLs of the people API. Immutable. */
public final class ApiUrls {
    /** RFC 3986 removes such segments from a path (section 5.2.4), also when percent-encoded (section 6.2.2.2). */
    private static final Pattern DOT_SEGMENT = Pattern.compile("/(\\.|%2e){1,2}(/|$)", Pattern.CASE_INSENSITIVE);

    private final URI base;
    private final String prefix;

    public ApiUrls(URI base) {
        this.base = base;
        this.prefix = base.toString().replaceFirst("/+$", "");
    }

    /**
     * Returns the absolute URL of a path that starts with /, or an absolute URL unchanged.
     *
     * @throws IllegalArgumentException when the URL is not valid, for example has a character that must be
     *     percent-encoded (Camel would resolve {@code {{…}}} in it), or is on another host: the API's credentials go to
     *     its own host only
     */
    public String resolve(String url) {
        if (url.startsWith("/") && !url.startsWith("//")) {
            return URI.create(prefix + url).toString();
        }
        URI absolute = base.resolve(url);
        if (!base.getScheme().equalsIgnoreCase(absolute.getScheme())
                || !base.getAuthority().equalsIgnoreCase(absolute.getAuthority())) {
            throw new IllegalArgumentException("the URL " + absolute.getScheme() + "://" + absolute.getAuthority()
                    + "/… is not on the host of the people API, " + base.getAuthority());
        }
        return absolute.toString();
    }

    /**
     * Returns the absolute URL of a link in a page.
     *
     * @param url absolute, or relative to the page's own (RFC 3986, section 5.2)
     * @param page the absolute URL of the page
     * @throws IllegalArgumentException like {@link #resolve}
     */
    public String follow(String url, String page) {
        URI from = URI.create(page);
        // URI follows RFC 2396, which drops the last path segment when the link is only a query.
        return resolve(from.resolve(url.startsWith("?") ? from.getRawPath() + url : url)
                .toString());
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
    public static String straight(String url) throws PermanentFailure {
        String path = URI.create(url).getRawPath();
        if (path != null && DOT_SEGMENT.matcher(path).find()) {
            throw new PermanentFailure("the path of the URL has a '.' or '..' segment; such URLs are not called");
        }
        return url;
    }
}
