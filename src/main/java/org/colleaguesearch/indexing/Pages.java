package org.colleaguesearch.indexing;

import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiUrls;
import org.springframework.stereotype.Component;

/** Joins the pages of a section, for routes to ask. Stateless: what was read so far is the caller's. */
@Component("pages")
class Pages {
    private final ApiUrls api;
    private final long maxCharacters;

    Pages(ApiUrls api, Settings settings) {
        this.api = api;
        // A section is never larger than an answer may be, in however many pages it comes.
        this.maxCharacters = settings.api().maxResponseSize().toBytes();
    }

    /** A section of which nothing is read yet. */
    public PagedSection begin(String url) {
        return new PagedSection(api, maxCharacters, url);
    }

    /**
     * Adds a page to a section.
     *
     * @param items the section of this page
     * @param next what {@code next} gave: the URL of the next page, or null or an empty text after the last one
     * @throws PagesException when it cannot be added, or leads nowhere it may
     */
    public void add(PagedSection section, Object items, Object next) {
        section.add(items, next);
    }
}
