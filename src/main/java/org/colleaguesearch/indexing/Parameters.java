package org.colleaguesearch.indexing;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import org.colleaguesearch.settings.Jq;
import org.springframework.boot.convert.DurationStyle;

/** The parameters that the block of an indexer declares. Immutable. */
record Parameters(Map<String, ?> values) {
    /** Empty for one that is left out. */
    String text(String name) {
        Object value = values.get(name);
        return value == null ? "" : value.toString();
    }

    /** In any case of letters. */
    String oneOf(String name, Collection<String> known, String unset) {
        String value = text(name);
        return value.isEmpty()
                ? unset
                : known.stream()
                        .filter(value::equalsIgnoreCase)
                        .findFirst()
                        .orElseThrow(
                                () -> wrong(name, "expected one of " + new TreeSet<>(known) + ", not '" + value + "'"));
    }

    boolean flag(String name, boolean unset) {
        String value = text(name);
        if (!value.matches("|true|false")) {
            throw wrong(name, "expected true or false, not '" + value + "'");
        }
        return value.isEmpty() ? unset : Boolean.parseBoolean(value);
    }

    /** A whole number from {@code least}; null for none. */
    Integer number(String name, int least) {
        String value = text(name);
        if (value.isEmpty()) {
            return null;
        }
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < least) {
            throw wrong(name, "expected a whole number from " + least + ", not '" + value + "'");
        }
        return Integer.valueOf(value);
    }

    /** Such as 30m or 7d. */
    Duration duration(String name, Duration unset) {
        String value = text(name);
        try {
            return value.isEmpty() ? unset : DurationStyle.SIMPLE.parse(value);
        } catch (IllegalArgumentException e) {
            throw wrong(name, "expected a duration such as 30m or 7d, not '" + value + "'");
        }
    }

    /** A jq expression; null for none. */
    Jq jq(String name) {
        String value = text(name);
        try {
            return value.isEmpty() ? null : Jq.valueOf(value);
        } catch (IllegalArgumentException e) {
            throw wrong(
                    name,
                    "invalid jq expression: "
                            + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    InvalidParameter wrong(String name, String problem) {
        return new InvalidParameter(name, name + ": " + problem);
    }
}
