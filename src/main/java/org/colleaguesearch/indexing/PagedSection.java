package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashSet;
import java.util.Set;
import org.colleaguesearch.source.ApiUrls;

/**
 * A section with several pages, as far as it has been read. Belongs to one exchange, which one thread at a time handles.
 */
public final class PagedSection {
    /** More pages than any real section has: beyond it, the pages have no end. */
    static final int MOST_PAGES = 1_000;

    private final ApiUrls api;
    private final long maxCharacters;
    private final ArrayNode items = JsonNodeFactory.instance.arrayNode();
    private final Set<String> urls = new HashSet<>();

    private String next;
    private long characters;

    PagedSection(ApiUrls api, long maxCharacters, String url) {
        this.api = api;
        this.maxCharacters = maxCharacters;
        this.next = url;
        urls.add(url);
    }

    /** Whether there is another page to read. */
    public boolean hasNext() {
        return next != null;
    }

    /** The absolute URL of the page to read, or null after the last one. */
    public String next() {
        return next;
    }

    /** The items of all pages so far, in order. */
    public JsonNode items() {
        return items;
    }

    /** The number of the current page, from 1. */
    int page() {
        return urls.size();
    }

    void add(Object page, Object following) {
        if (!(page instanceof ArrayNode list)) {
            throw new PagesException("the section is not a list: check 'section'");
        }
        characters += list.toString().length();
        if (characters > maxCharacters) {
            throw new PagesException("all pages together exceed max-response-size, " + maxCharacters + " bytes");
        }
        items.addAll(list);
        String url = text(following);
        next = url.isEmpty() ? null : checked(url);
    }

    private static String text(Object following) {
        if (following == null || following instanceof NullNode) {
            return "";
        }
        if (following instanceof TextNode url) {
            return url.textValue();
        }
        throw new PagesException(
                "'next' returned something else than a URL: it must return a string, or null after the last page");
    }

    private String checked(String url) {
        String absolute;
        try {
            absolute = api.follow(url, next);
        } catch (IllegalArgumentException e) {
            throw new PagesException("cannot call the next page: " + e.getMessage());
        }
        if (urls.contains(absolute)) {
            throw new PagesException("the pages form a cycle: 'next' leads back to a page that was already read");
        }
        if (urls.size() == MOST_PAGES) {
            throw new PagesException("more than " + MOST_PAGES + " pages; check 'next'");
        }
        urls.add(absolute);
        return absolute;
    }
}
