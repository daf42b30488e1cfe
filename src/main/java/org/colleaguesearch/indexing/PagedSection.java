package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.colleaguesearch.settings.Paging;
import org.colleaguesearch.source.PageLinks;
import org.colleaguesearch.source.PagesException;
import org.colleaguesearch.source.Request;

/**
 * A section with one page or several, as far as it has been read. If the API named the versions of its pages last time,
 * each page is first asked for only if it has changed; when one has, all are read. Belongs to one exchange, which one
 * thread at a time handles.
 */
public final class PagedSection {
    /** More pages than any real section has: beyond it, the pages have no end. */
    static final int MOST_PAGES = 1_000;

    private final SectionSource source;
    private final Request request;
    private final PageLinks links;
    private final long maxCharacters;

    /** The pages of last time, while they are asked for only if they have changed; else empty. */
    private List<Validators.Page> known = List.of();
    /** How many of them have not changed. */
    private int skipped;

    private int answered;
    private final List<Validators.Page> read = new ArrayList<>();

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

    /** Asks for the pages only if they have changed, if they are the same pages. */
    void since(Validators last) {
        boolean isSame = links != null
                && isCacheable()
                && !last.pages().isEmpty()
                && last.pages().getFirst().url().equals(links.url());
        known = isSame ? last.pages() : List.of();
    }

    /** Only responses to GET have a version that stands for the section (RFC 9110, section 9.3.1). */
    private boolean isCacheable() {
        return request.method().equals("GET");
    }

    /** Whether there is another page to read. */
    public boolean hasNext() {
        return url() != null;
    }

    /** The absolute URL of the page to read, or null after the last one. */
    public String url() {
        if (links == null || isNotModified()) {
            return null;
        }
        return known.isEmpty() ? links.url() : known.get(skipped).url();
    }

    /** What is sent to the URL of the page to read; null when there are no pages. */
    public Request request() {
        return known.isEmpty() || isNotModified()
                ? request
                : request.with(known.get(skipped).conditions());
    }

    /** Whether no page has changed since last time. */
    public boolean isNotModified() {
        return !known.isEmpty() && skipped == known.size();
    }

    /** How the API names the versions of all pages that were read; null if it does not. */
    Validators validators() {
        return links != null && isCacheable() && read.size() == links.page() ? new Validators(read) : null;
    }

    /** The number of calls that were made, without their retries. */
    int calls() {
        return answered + (hasNext() ? 1 : 0);
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

    /** The page has not changed since last time. */
    void skip() {
        if (known.isEmpty()) {
            throw new PagesException("HTTP 304 Not Modified: no version of the page is known");
        }
        skipped++;
        answered++;
    }

    /** Adds the section of a page. */
    void add(PageLinks.Answer page, JsonNode section) {
        boolean isAgain = skipped > 0;
        known = List.of();
        skipped = 0;
        if (!isAgain) {
            addNext(page, section);
        }
        answered++;
    }

    private void addNext(PageLinks.Answer page, JsonNode section) {
        source.request().check(page.body());
        Validators.Page.of(page.url(), page.headers()).ifPresent(read::add);
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
