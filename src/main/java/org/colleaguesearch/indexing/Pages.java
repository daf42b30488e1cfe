package org.colleaguesearch.indexing;

import org.colleaguesearch.source.Apis;
import org.springframework.stereotype.Component;

/** Joins the pages of a section. Stateless: the caller keeps the section. */
@Component("pages")
class Pages {
    private final Apis apis;

    Pages(Apis apis) {
        this.apis = apis;
    }

    /** A section of an API, of which no page has been read. The limit of one response also limits all its pages. */
    public PagedSection begin(String api, String url) {
        return new PagedSection(
                apis.urls(api), apis.settings(api).maxResponseSize().toBytes(), url);
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
