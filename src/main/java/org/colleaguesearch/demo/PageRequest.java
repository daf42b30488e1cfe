package org.colleaguesearch.demo;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The query of a call to {@code /people}.
 *
 * @param active only people who are (true) or are not (false) active; empty: everyone
 * @param page from 1
 * @param size people per page, 1 to {@value #LARGEST}
 */
record PageRequest(Optional<Boolean> active, int page, int size) {
    static final int LARGEST = 500;

    /**
     * Parses the query. Ignores unknown parameters, and reduces a larger size to {@value #LARGEST}.
     *
     * @param query as in the URL, percent-encoded; may be null
     * @throws IllegalArgumentException for an invalid value, which the message names
     */
    static PageRequest parse(String query) {
        UrlQuery parsed = UrlQuery.parse(query);
        return new PageRequest(
                parsed.flag("active"), parsed.number("page", 1), Math.min(parsed.number("size", LARGEST), LARGEST));
    }

    /** Returns the page as JSON, with the URL of the next one; past the end, a page without items. */
    String answer(List<DemoPerson> people) {
        // A long, since page times size may overflow an int.
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
