package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.source.Apis;
import org.colleaguesearch.source.CallState;
import org.colleaguesearch.source.PageLinks;
import org.colleaguesearch.source.PagesException;
import org.colleaguesearch.source.Request;
import org.springframework.stereotype.Component;

/** Reads the pages of a section, on behalf of a route. Stateless: the exchange keeps the section. */
@Component("pages")
class Pages {
    private final Apis apis;
    private final Indexers indexers;

    Pages(Apis apis, Indexers indexers) {
        this.apis = apis;
        this.indexers = indexers;
    }

    /**
     * The section that a call reads, before its first page. A person who lacks a value that the URL or body needs has no
     * pages, and so an empty section.
     *
     * @param call its body is the absolute URL, empty when the person lacks a value for it
     */
    public PagedSection begin(String indexer, String api, Exchange call) {
        Indexer declared = indexers.of(indexer, call);
        SectionSource source = declared.source();
        String url = call.getMessage().getBody(String.class);
        Request request = url.isEmpty() ? null : request(source, call);
        PagedSection section = new PagedSection(
                source,
                request,
                request == null ? null : new PageLinks(apis.urls(api), source.paging(), url, PagedSection.MOST_PAGES),
                // The limit of one response also limits all pages.
                apis.settings(api).maxResponseSize().toBytes());
        if (call.getVariable("kept") instanceof KeptSections kept) {
            kept.validators(person(call), declared.definition()).ifPresent(section::since);
        }
        return section;
    }

    private static Person person(Exchange call) {
        return call.getVariable("chunk", Chunk.class)
                .people()
                .get(call.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class));
    }

    private static Request request(SectionSource source, Exchange call) {
        if (source.request().body() == null) {
            return source.request().request(null).orElseThrow();
        }
        return source.request().request(person(call)).orElse(null);
    }

    /** Records that a page of a section has not changed since last time. */
    public void skip(PagedSection section) {
        section.skip();
    }

    /**
     * Adds a page to a section.
     *
     * @param answer the whole response
     * @param call its body is the section of this page
     * @throws PagesException when the page is not a list, or the next page cannot be found or called
     */
    public void add(PagedSection section, JsonNode answer, Exchange call) {
        JsonNode page = call.getMessage().getBody() instanceof JsonNode list ? list : NullNode.getInstance();
        section.add(new PageLinks.Answer(answer, CallState.of(call).responseHeaders(), section.url()), page);
    }
}
