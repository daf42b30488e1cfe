package org.colleaguesearch.demo;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which people a call to {@code /people} asks for.
 *
 * @param active only those who are (true) or are not (false); empty: everyone
 * @param page from 1
 * @param size people a page, 1 to {@value #LARGEST}
 */
record PageRequest(Optional<Boolean> active, int page, int size) {
    static final int LARGEST = 500;

    /**
     * Reads the query; what it does not know is ignored, and a larger size than {@value #LARGEST} counts as that.
     *
     * @param query as it stands in the URL, percent-encoded; may be null
     * @throws IllegalArgumentException for a value that is not accepted; the message says which
     */
    static PageRequest parse(String query) {
        Optional<Boolean> active = Optional.empty();
        int page = 1;
        int size = LARGEST;
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
            switch (name) {
                case "active" -> active = Optional.of(flag(name, value));
                case "page" -> page = number(name, value);
                case "size" -> size = Math.min(number(name, value), LARGEST);
                default -> {}
            }
        }
        return new PageRequest(active, page, size);
    }

    /** The page of these people as JSON, and where the next one is; past the end, a page without items. */
    String answer(List<Person> people) {
        // A long, since page times size can be past the largest int.
        long start = (page - 1L) * size;
        long end = Math.min(start + size, people.size());
        String items = start >= end
                ? ""
                : people.subList((int) start, (int) end).stream()
                        .map(Person::item)
                        .collect(Collectors.joining(","));
        return "{\"items\":[" + items + "],\"next\":" + (end < people.size() ? "\"" + next() + "\"" : "null") + "}";
    }

    private String next() {
        String filter = active.map(wanted -> "active=" + wanted + "&").orElse("");
        return "/people?" + filter + "page=" + (page + 1) + "&size=" + size;
    }

    private static boolean flag(String name, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(name + " takes true or false, not " + value);
        };
    }

    private static int number(String name, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Not a number at all: the same answer as to one out of range.
        }
        throw new IllegalArgumentException(
                name + " takes a whole number from 1 to " + Integer.MAX_VALUE + ", not " + value);
    }
}
