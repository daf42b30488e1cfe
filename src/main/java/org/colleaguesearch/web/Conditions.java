package org.colleaguesearch.web;

import java.util.Map;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;

/** What {@code If-None-Match} and {@code If-Modified-Since} say (RFC 9110, section 13). */
final class Conditions {
    private Conditions() {}

    /**
     * Whether the client has what it asks for.
     *
     * @param request the headers of the request
     * @param tag of what would be sent
     * @param modified when that was last modified, in milliseconds, to the second
     */
    static boolean isNotModified(Map<String, Object> request, String tag, long modified) {
        String noneMatch = (String) request.get(HttpHeaders.IF_NONE_MATCH);
        if (noneMatch != null) {
            return ETag.parse(noneMatch).stream()
                    .anyMatch(each -> each.isWildcard() || each.compare(ETag.create(tag), false));
        }
        HttpHeaders since = new HttpHeaders();
        since.set(HttpHeaders.IF_MODIFIED_SINCE, (String) request.get(HttpHeaders.IF_MODIFIED_SINCE));
        // -1 for none, and for what is no date.
        return since.getIfModifiedSince() >= modified;
    }
}
