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
 * A section that comes in pages, as far as it is read. Belongs to one call, whose exchange is handed to one thread at a
 * time.
 */
public final class PagedSection {
    /** More than any list of one person's has: a list that goes on so has no end. */
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

    /** Whether there is a page to be read. */
    public boolean hasNext() {
        return next != null;
    }

    /** The absolute URL of the page to be read, or null after the last one. */
    public String next() {
        return next;
    }

    /** The items of all pages, in order. */
    public JsonNode items() {
        return items;
    }

    /** The number of the page that is being read, from 1. */
    int page() {
        return urls.size();
    }

    void add(Object page, Object following) {
        if (!(page instanceof ArrayNode list)) {
            throw new PagesException("the section is not a list: check 'section'");
        }
        characters += list.toString().length();
        if (characters > maxCharacters) {
            throw new PagesException(
                    "the pages together are larger than max-response-size, " + maxCharacters + " bytes");
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
        throw new PagesException("what 'next' gives is no URL: it must be one text, or null at the end");
    }

    private String checked(String url) {
        String absolute;
        try {
            absolute = api.follow(url, next);
        } catch (IllegalArgumentException e) {
            throw new PagesException("the next page cannot be called: " + e.getMessage());
        }
        if (urls.contains(absolute)) {
            throw new PagesException("the pages do not advance: this one leads back to one that was read");
        }
        if (urls.size() == MOST_PAGES) {
            throw new PagesException("there are more than " + MOST_PAGES + " pages");
        }
        urls.add(absolute);
        return absolute;
    }
}
