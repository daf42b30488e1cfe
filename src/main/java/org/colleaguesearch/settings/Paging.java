package org.colleaguesearch.settings;

import java.util.Locale;

/**
 * How an API divides a list into pages, as declared for the list of people or by an indexer. Immutable.
 *
 * @param next takes from a page the URL of the next one, or its cursor; null for other kinds
 * @param pageParam the query parameter of the cursor, page number or offset
 * @param sizeParam the query parameter of the page size
 * @param pageSize the number of items on a full page; null: none is sent
 * @param firstPage the number of the first page
 * @param total takes the number of all items from a page; null: the list ends at an empty or short page
 * @param keyPrefix what the keys of these settings begin with, for messages
 */
public record Paging(
        Kind kind,
        Jq next,
        String pageParam,
        String sizeParam,
        Integer pageSize,
        int firstPage,
        Jq total,
        String keyPrefix) {
    /** What leads to the next page. */
    public enum Kind {
        /** There is one page. */
        NONE,
        /** {@code next} takes its URL from the page. */
        NEXT,
        /** {@code next} takes a cursor from the page, which becomes a query parameter. */
        CURSOR,
        /** The header {@code Link} with {@code rel="next"} (RFC 8288). */
        LINK,
        /** Its number, a query parameter. */
        PAGE,
        /** The number of items before it, a query parameter. */
        OFFSET
    }

    /** {@code pageParam} and {@code sizeParam}: null for their defaults. */
    public Paging {
        pageParam = pageParam == null ? kind.name().toLowerCase(Locale.ROOT) : pageParam;
        sizeParam = sizeParam == null ? "limit" : sizeParam;
    }
}
