package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.colleaguesearch.settings.Paging;
import org.colleaguesearch.source.PageLinks;
import org.colleaguesearch.source.PagesException;
import org.colleaguesearch.source.Request;

/**
 * A section with one page or several, as far as it has been read. Belongs to one exchange, which one thread at a time
 * handles.
 */
public final class PagedSection {
    /** More pages than any real section has: beyond it, the pages have no end. */
    static final int MOST_PAGES = 1_000;

    private final SectionSource source;
    private final Request request;
    private final PageLinks links;
    private final long maxCharacters;

    private JsonNode items = JsonNodeFactory.instance.arrayNode();
    private long characters;

    /**
     * Before the first page.
     *
     * @param links null: there are no pages
     * @param maxCharacters of all pages together
     */
    PagedSection(SectionSource source, Request request, PageLinks links, long maxCharacters) {
        this.source = source;
        this.request = request;
        this.links = links;
        this.maxCharacters = maxCharacters;
    }

    /** Whether there is another page to read. */
    public boolean hasNext() {
        return url() != null;
    }

    /** The absolute URL of the page to read, or null after the last one. */
    public String url() {
        return links == null ? null : links.url();
    }

    /** What is sent to the URL of each page; null when there are no pages. */
    public Request request() {
        return request;
    }

    /** The items of all pages so far, in order. */
    public JsonNode items() {
        return items;
    }

    /** Whether the section may have several pages. */
    boolean isPaged() {
        return source.paging().kind() != Paging.Kind.NONE;
    }

    /** The number of the current page, from 1; 0 when there are none. */
    int page() {
        return links == null ? 0 : links.page();
    }

    /** Adds the section of a page. */
    void add(PageLinks.Answer page, JsonNode section) {
        source.request().check(page.body());
        if (!isPaged()) {
            items = section;
            links.advance(page, 0);
            return;
        }
        if (!(section instanceof ArrayNode list)) {
            throw new PagesException("the section is not a list: check 'section'");
        }
        characters += list.toString().length();
        if (characters > maxCharacters) {
            throw new PagesException("all pages together exceed max-response-size, " + maxCharacters + " bytes");
        }
        ((ArrayNode) items).addAll(list);
        links.advance(page, source.count(page.body(), list.size()));
    }
}
