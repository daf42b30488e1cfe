package org.colleaguesearch.indexing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an API names the version of a section that it has sent, for each of its pages (RFC 9110, section 8.8). With them, it
 * answers 304 while nothing has changed. Immutable.
 */
public record Validators(List<Page> pages) {
    public Validators {
        pages = List.copyOf(pages);
    }

    /**
     * The validators of a page.
     *
     * @param url the absolute URL of the page, without a secret
     * @param etag the header ETag; null for none
     * @param lastModified the header Last-Modified; null for none
     */
    public record Page(String url, String etag, String lastModified) {
        /**
         * Those in a response.
         *
         * @param headers by lower-case names
         */
        static Optional<Page> of(String url, Map<String, String> headers) {
            Page page = new Page(url, headers.get("etag"), headers.get("last-modified"));
            return page.etag == null && page.lastModified == null ? Optional.empty() : Optional.of(page);
        }

        /** The headers of a request that asks for the page only if it has changed (RFC 9110, section 13.1). */
        Map<String, String> conditions() {
            Map<String, String> headers = new LinkedHashMap<>();
            if (etag != null) {
                headers.put("If-None-Match", etag);
            }
            if (lastModified != null) {
                headers.put("If-Modified-Since", lastModified);
            }
            return headers;
        }
    }
}
