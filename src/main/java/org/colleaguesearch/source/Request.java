package org.colleaguesearch.source;

import java.util.HashMap;
import java.util.Map;

/**
 * What is sent to a URL. Immutable.
 *
 * @param method of HTTP
 * @param body null for none
 * @param isIdempotent whether the call may be repeated after a failure that may have come after its effect
 */
public record Request(String method, Map<String, String> headers, String body, boolean isIdempotent) {
    public static final Request GET = new Request("GET", Map.of(), null, true);

    public Request {
        headers = Map.copyOf(headers);
    }

    /** Whether it asks for a response only if that has changed (RFC 9110, section 13.1). */
    boolean isConditional() {
        return headers.containsKey("If-None-Match") || headers.containsKey("If-Modified-Since");
    }

    /** The same with further headers. */
    public Request with(Map<String, String> further) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(further);
        return new Request(method, all, body, isIdempotent);
    }
}
