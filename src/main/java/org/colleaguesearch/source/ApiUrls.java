package org.colleaguesearch.source;

import java.net.URI;
import java.util.regex.Pattern;

/** Makes absolute URLs of the people API. Immutable. */
public final class ApiUrls {
    /** RFC 3986, section 5.2.4, takes such segments out of a path, and section 6.2.2.2 the encoded ones, too. */
    private static final Pattern DOT_SEGMENT = Pattern.compile("/(\\.|%2e){1,2}(/|$)", Pattern.CASE_INSENSITIVE);

    private final URI base;
    private final String prefix;

    public ApiUrls(URI base) {
        this.base = base;
        this.prefix = base.toString().replaceFirst("/+$", "");
    }

    /**
     * The absolute URL of a path that starts with /, or the URL itself if it is absolute.
     *
     * @throws IllegalArgumentException when it is no URL, as with a character that must be percent-encoded (Camel would
     *     resolve {@code {{…}}} in it), or leads to another host: the API's credentials go to its own host only
     */
    public String resolve(String url) {
        if (url.startsWith("/") && !url.startsWith("//")) {
            return URI.create(prefix + url).toString();
        }
        URI absolute = base.resolve(url);
        if (!base.getScheme().equalsIgnoreCase(absolute.getScheme())
                || !base.getAuthority().equalsIgnoreCase(absolute.getAuthority())) {
            throw new IllegalArgumentException("the URL " + absolute.getScheme() + "://" + absolute.getAuthority()
                    + "/… is not on the people API's own host, " + base.getAuthority());
        }
        return absolute.toString();
    }

    /**
     * The absolute URL that a page leads to.
     *
     * @param url absolute, or relative to the page's own (RFC 3986, section 5.2)
     * @param page the absolute URL of the page
     * @throws IllegalArgumentException as of {@link #resolve}
     */
    public String follow(String url, String page) {
        URI from = URI.create(page);
        // Java goes by an older RFC, and would take the last segment of the path away for a query alone.
        return resolve(from.resolve(url.startsWith("?") ? from.getRawPath() + url : url)
                .toString());
    }

    /** The API's own host and port, as {@link Authority} writes them. */
    String authority() {
        return Authority.of(base);
    }

    /** Whether a scheme, host and port are the API's own: only there its credentials may go. */
    boolean isOwn(String scheme, String host, int port) {
        return base.getScheme().equalsIgnoreCase(scheme) && authority().equals(Authority.of(scheme, host, port));
    }

    /**
     * An absolute URL again, if its path leads where it says: not one made of an id such as {@code ..}, which no
     * percent-encoding can protect.
     */
    public static String straight(String url) throws PermanentFailure {
        String path = URI.create(url).getRawPath();
        if (path != null && DOT_SEGMENT.matcher(path).find()) {
            throw new PermanentFailure("the URL is not called: '.' or '..' in its path leads elsewhere");
        }
        return url;
    }
}
