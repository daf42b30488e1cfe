package org.colleaguesearch.api;

import java.net.URI;

/** Makes absolute URLs of the people API. Immutable. */
public final class ApiUrls {
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
}
