package org.colleaguesearch.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.colleaguesearch.settings.Jq;
import org.colleaguesearch.settings.Paging;
import org.colleaguesearch.settings.Paging.Kind;

/**
 * The way through the pages of one list, at one of which it stands. Belongs to one exchange, which one thread at a time
 * handles.
 */
public final class PageLinks {
    /** A link of the header Link: its URL, and its parameters with the semicolons. */
    private static final Pattern LINK =
            Pattern.compile("<([^>]*)>((?:\\s*;\\s*[\\w*-]+\\s*=\\s*(?:\"[^\"]*\"|[^\",;]*))*)");

    private static final Pattern REL_NEXT = Pattern.compile(
            ";\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next\\b)", Pattern.CASE_INSENSITIVE);

    private final ApiUrls api;
    private final Paging paging;
    private final int mostPages;
    private final Set<String> urls = new HashSet<>();

    private final int pagesBefore;

    private String url;
    private long items;
    private JsonNode last;

    /**
     * Before the first page.
     *
     * @param list the absolute URL of the list
     * @param mostPages more pages are an error: they would have no end
     */
    public PageLinks(ApiUrls api, Paging paging, String list, int mostPages) {
        this.api = api;
        this.paging = paging;
        this.mostPages = mostPages;
        this.pagesBefore = 0;
        this.url = first(list);
        urls.add(url);
    }

    /**
     * At a page of a list that was read before.
     *
     * @param url of the page; null: the list was read to its end
     * @param pages the number of pages before it
     * @param items the number of items on them
     */
    public PageLinks(ApiUrls api, Paging paging, String url, int pages, long items, int mostPages) {
        this.api = api;
        this.paging = paging;
        this.mostPages = mostPages;
        this.pagesBefore = pages;
        this.items = items;
        this.url = url;
        urls.add(url);
    }

    private String first(String list) {
        String sized =
                paging.pageSize() == null ? list : ApiUrls.with(list, paging.sizeParam(), "" + paging.pageSize());
        return switch (paging.kind()) {
            case PAGE -> ApiUrls.with(sized, paging.pageParam(), "" + paging.firstPage());
            case OFFSET -> ApiUrls.with(sized, paging.pageParam(), "0");
            default -> sized;
        };
    }

    /** The absolute URL of the page to read; null after the last one. */
    public String url() {
        return url;
    }

    /** The number of the page to read or, after the last one, of that one; from 1. */
    public int page() {
        return pagesBefore + urls.size();
    }

    /** The number of pages that have been read. */
    public int pagesRead() {
        return url == null ? page() : page() - 1;
    }

    /** The number of items on the pages that have been read. */
    public long items() {
        return items;
    }

    /**
     * Goes to the page after one that has been read.
     *
     * @param count the number of its items
     * @throws PagesException when it is invalid, on another host, or was read before, or there are too many pages
     */
    public void advance(Answer page, int count) {
        boolean isByParameter = paging.kind() != Kind.NEXT && paging.kind() != Kind.LINK;
        if (isByParameter && page.body().equals(last) && !page.body().isEmpty()) {
            throw new PagesException("page " + page()
                    + " is the same as the one before: does the API know the parameter '" + paging.pageParam() + "'?");
        }
        last = page.body();
        items += count;
        String next =
                switch (paging.kind()) {
                    case NONE -> null;
                    case NEXT -> fromPage(page, "a URL");
                    case CURSOR -> {
                        String cursor = fromPage(page, "a cursor");
                        yield cursor == null ? null : ApiUrls.with(page.url(), paging.pageParam(), cursor);
                    }
                    case LINK -> relNext(page.headers().getOrDefault("link", ""));
                    case PAGE -> counted(page, count, paging.firstPage() + page());
                    case OFFSET -> counted(page, count, items);
                };
        url = next == null ? null : checked(next, page.url());
    }

    /** The URL with the page number or offset of the next page; null after the last page. */
    private String counted(Answer page, int count, long position) {
        boolean isLast;
        if (paging.total() == null) {
            isLast = count == 0 || (paging.pageSize() != null && count < paging.pageSize());
        } else {
            long total = total(page);
            if (count == 0 && items < total) {
                throw new PagesException(
                        "page " + page() + " is empty, but only " + items + " of " + total + " items were read");
            }
            isLast = items >= total;
        }
        return isLast ? null : ApiUrls.with(page.url(), paging.pageParam(), "" + position);
    }

    private long total(Answer page) {
        JsonNode total = apply("total", paging.total(), page);
        if (!total.canConvertToLong()) {
            throw new PagesException(named("total", paging.total()) + "is " + JsonShape.of(total)
                    + "; expected the number of all items");
        }
        return total.longValue();
    }

    private String fromPage(Answer page, String expected) {
        JsonNode next = apply("next", paging.next(), page);
        // An expression without a result gives an empty list.
        if (next.isNull() || (next.isArray() && next.isEmpty())) {
            return null;
        }
        if (!next.isTextual() && !(paging.kind() == Kind.CURSOR && next.isIntegralNumber())) {
            throw new PagesException(named("next", paging.next()) + "is " + JsonShape.of(next) + "; expected "
                    + expected + ", or null on the last page");
        }
        return next.asText().isBlank() ? null : next.asText();
    }

    private JsonNode apply(String key, Jq expression, Answer page) {
        try {
            return expression.apply(
                    page.body(), Map.of("headers", page.headersAsJson(), "url", TextNode.valueOf(page.url())));
        } catch (JsonQueryException e) {
            // Without the cause, whose message quotes the response.
            throw new PagesException(named(key, expression) + "cannot be applied to " + JsonShape.of(page.body()));
        }
    }

    private String named(String key, Jq expression) {
        return "cannot find the next page: " + paging.keyPrefix() + key + ", " + expression + ", ";
    }

    private static String relNext(String header) {
        Matcher links = LINK.matcher(header);
        while (links.find()) {
            if (REL_NEXT.matcher(links.group(2)).find()) {
                return links.group(1);
            }
        }
        return null;
    }

    private String checked(String next, String from) {
        String absolute;
        try {
            absolute = api.follow(next, from);
        } catch (IllegalArgumentException e) {
            throw new PagesException("cannot call the next page: " + e.getMessage());
        }
        if (!urls.add(absolute)) {
            throw new PagesException("the pages form a cycle: page " + page() + " leads back to a page already read");
        }
        if (page() > mostPages) {
            throw new PagesException("more than " + mostPages + " pages; check how the next page is found");
        }
        return absolute;
    }

    /**
     * A page as the API answered it.
     *
     * @param headers by lower-case names
     * @param url the absolute URL that was called
     */
    public record Answer(JsonNode body, Map<String, String> headers, String url) {
        private ObjectNode headersAsJson() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            headers.forEach(json::put);
            return json;
        }
    }
}
