package org.colleaguesearch.web;

import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.springframework.http.HttpHeaders;

/** The headers of a message that become those of an answer. What else a route's message has stays inside. Stateless. */
final class AnswerHeaders implements HeaderFilterStrategy {
    private static final Set<String> ALLOWED = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        ALLOWED.addAll(Set.of(
                HttpHeaders.ACCEPT_RANGES,
                HttpHeaders.CONTENT_DISPOSITION,
                HttpHeaders.CONTENT_ENCODING,
                HttpHeaders.CONTENT_LENGTH,
                HttpHeaders.CONTENT_RANGE,
                HttpHeaders.ETAG,
                HttpHeaders.LAST_MODIFIED,
                HttpHeaders.LOCATION,
                "Preference-Applied",
                HttpHeaders.RETRY_AFTER,
                HttpHeaders.VARY));
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !ALLOWED.contains(name);
    }

    /** {@link CheckedRequest} shows none. */
    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return false;
    }
}
