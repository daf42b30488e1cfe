package org.colleaguesearch.demo;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The decoded parameters of a URL's query; the last value of a repeated one. */
record UrlQuery(Map<String, String> parameters) {
    /** @param query as in the URL, percent-encoded; may be null */
    static UrlQuery parse(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            parameters.put(
                    equals < 0 ? pair : pair.substring(0, equals),
                    equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return new UrlQuery(Map.copyOf(parameters));
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** @throws IllegalArgumentException for anything but true or false */
    Optional<Boolean> flag(String name) {
        return text(name).map(value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(name + " must be true or false, not '" + value + "'");
        });
    }

    /** @throws IllegalArgumentException for anything but a whole number from 1 */
    int number(String name, int unset) {
        String value = parameters.get(name);
        if (value == null) {
            return unset;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Same error as for a number out of range.
        }
        throw new IllegalArgumentException(
                name + " must be a whole number from 1 to " + Integer.MAX_VALUE + ", not '" + value + "'");
    }
}
