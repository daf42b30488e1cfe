package org.colleaguesearch.indexing;

import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiUrls;
import org.springframework.stereotype.Component;

/** Joins the pages of a section. Stateless: the caller keeps the section. */
@Component("pages")
class Pages {
    private final ApiUrls api;
    private final long maxCharacters;

    Pages(ApiUrls api, Settings settings) {
        this.api = api;
        // The limit of one response also limits a section of several pages.
        this.maxCharacters = settings.api().maxResponseSize().toBytes();
    }

    /** A section of which no page has been read. */
    public PagedSection begin(String url) {
        return new PagedSection(api, maxCharacters, url);
    }

    /**
     * Adds a page to a section.
     *
     * @param items the section of this page
     * @param next the URL of the next page; null or empty after the last one
     * @throws PagesException when the page is not a list, or the next page cannot be called
     */
    public void add(PagedSection section, Object items, Object next) {
        section.add(items, next);
    }
}
