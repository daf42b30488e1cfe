package org.colleaguesearch.web;

import java.nio.charset.StandardCharsets;
import org.springframework.web.util.UriUtils;

/** Percent-encoding of URLs (RFC 3986). */
final class Percent {
    private static final char NO_UTF_8 = '\uFFFD';

    private Percent() {}

    /** Null if it is badly encoded, or no UTF-8. */
    static String decode(String encoded) {
        try {
            String decoded = UriUtils.decode(encoded, StandardCharsets.UTF_8);
            return decoded.indexOf(NO_UTF_8) < 0 ? decoded : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** As in a query, where a plus is a space. */
    static String decodeQuery(String encoded) {
        return decode(encoded.replace('+', ' '));
    }
}
