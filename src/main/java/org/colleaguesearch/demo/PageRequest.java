package org.colleaguesearch.demo;

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
        UrlQuery asked = UrlQuery.parse(query);
        return new PageRequest(
                asked.flag("active"), asked.number("page", 1), Math.min(asked.number("size", LARGEST), LARGEST));
    }

    /** The page of these people as JSON, and where the next one is; past the end, a page without items. */
    String answer(List<DemoPerson> people) {
        // A long, since page times size can be past the largest int.
        long start = (page - 1L) * size;
        long end = Math.min(start + size, people.size());
        String items = start >= end
                ? ""
                : people.subList((int) start, (int) end).stream()
                        .map(DemoPerson::item)
                        .collect(Collectors.joining(","));
        return "{\"items\":[" + items + "],\"next\":" + (end < people.size() ? "\"" + next() + "\"" : "null") + "}";
    }

    private String next() {
        String filter = active.map(wanted -> "active=" + wanted + "&").orElse("");
        return "/people?" + filter + "page=" + (page + 1) + "&size=" + size;
    }
}
