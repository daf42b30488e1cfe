package org.colleaguesearch.source;

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
}
