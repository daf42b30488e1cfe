package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.Exchange;
import org.colleaguesearch.settings.Jq;
import org.colleaguesearch.source.CallState;
import org.colleaguesearch.source.JsonShape;
import org.colleaguesearch.source.PageLinks;
import org.colleaguesearch.source.PagesException;
import org.colleaguesearch.source.Request;

/**
 * The reading of one listing of the items of all people, at one of its pages. Belongs to one exchange, which one thread
 * at a time handles.
 */
public final class Feed {
    private final String api;
    private final SectionSource source;
    private final PageLinks links;
    private final FeedStore store;
    private final boolean isUpdate;
    private final boolean isShort;
    private final BooleanSupplier isStopping;
    private boolean isEnough;

    /**
     * Before its next page.
     *
     * @param isUpdate whether it has only the items of people for whom something has changed
     * @param isShort its first page is enough
     * @param isStopping whether to end it before its last page
     */
    public Feed(
            String api,
            SectionSource source,
            PageLinks links,
            FeedStore store,
            boolean isUpdate,
            boolean isShort,
            BooleanSupplier isStopping) {
        this.api = api;
        this.source = source;
        this.links = links;
        this.store = store;
        this.isUpdate = isUpdate;
        this.isShort = isShort;
        this.isStopping = isStopping;
    }

    /** The name of the API that has the listing. */
    public String api() {
        return api;
    }

    /** What is sent to the URL of each page. */
    public Request request() {
        return source.request().request(null).orElseThrow();
    }

    /** Whether it has only the items of people for whom something has changed. */
    public boolean isUpdate() {
        return isUpdate;
    }

    /** Whether there is another page to read. */
    public boolean hasNext() {
        return url() != null && !isStopping.getAsBoolean();
    }

    /** The absolute URL of the page to read; null when all are read. */
    public String url() {
        return isEnough ? null : links.url();
    }

    /** Keeps the pages that have been read, before the reading ends or is interrupted. */
    public void keep() {
        store.keep();
    }

    /** The number of pages that have been read. */
    public int pages() {
        return links.pagesRead();
    }

    /** The number of items on them. */
    public long items() {
        return links.items();
    }

    /**
     * Adds a page.
     *
     * @param call whose body is the response
     * @throws PagesException when the page has another shape, or the next page cannot be found or called
     */
    public void add(Exchange call) {
        JsonNode page = call.getMessage().getBody(JsonNode.class);
        source.request().check(page);
        List<FeedStore.Item> items = new ArrayList<>();
        for (JsonNode item : list(page)) {
            JsonNode person = apply("person", source.feed().person(), item);
            if (!person.isTextual() && !person.isIntegralNumber()) {
                throw new PagesException("person, " + source.feed().person() + ", is " + JsonShape.of(person)
                        + "; expected a text or a whole number. The item is " + JsonShape.of(item));
            }
            items.add(new FeedStore.Item(key(person.asText()), item));
        }
        links.advance(
                new PageLinks.Answer(page, CallState.of(call).responseHeaders(), links.url()),
                source.count(page, items.size()));
        store.add(items, links);
        isEnough = isShort;
    }

    /** The items of the people of a chunk, for {@link #outcome}. Any thread may call this when all pages are read. */
    public Function<String, List<JsonNode>> items(Chunk chunk) {
        return store.of(chunk);
    }

    /**
     * The outcome of a person, with a section made from the items of the person; of an update, that section stays as it
     * was without any. Any thread may call this.
     */
    public Outcome outcome(Call call, Function<String, List<JsonNode>> items) {
        ArrayNode own = JsonNodeFactory.instance.arrayNode();
        call.person()
                .value(source.feed().personField())
                .map(items)
                .orElse(List.of())
                .forEach(own::add);
        if (isUpdate && own.isEmpty()) {
            return new Fetched(call, own, null, 1, 0).with(Fetched.Change.NOT_MODIFIED, own);
        }
        try {
            return Outcome.of(call, source.feed().section().apply(own), null, 1, 0);
        } catch (JsonQueryException e) {
            return new Failed(call, "cannot extract the section from the items: check 'section'", null, 1, 0);
        }
    }

    /** Databases cannot hold others, and people have none. */
    private static String key(String person) {
        boolean isText =
                person.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(person);
        return isText ? person : "";
    }

    /** {@code .results} and {@code .results[]} are the same list. */
    private Iterable<JsonNode> list(JsonNode page) {
        Jq each = source.feed().each();
        try {
            ArrayNode results = each.results(page);
            boolean isList = results.size() == 1 && results.get(0).isArray();
            if (results.size() == 1 && !isList && !results.get(0).isObject()) {
                throw new PagesException("each, " + each + ", is " + JsonShape.of(results.get(0))
                        + "; expected a list of items. The page is " + JsonShape.of(page));
            }
            return isList ? results.get(0) : results;
        } catch (JsonQueryException e) {
            throw notApplicable("each", each, page);
        }
    }

    private static JsonNode apply(String key, Jq expression, JsonNode value) {
        try {
            return expression.apply(value);
        } catch (JsonQueryException e) {
            throw notApplicable(key, expression, value);
        }
    }

    /** Without the cause, whose message quotes the response. */
    private static PagesException notApplicable(String key, Jq expression, JsonNode value) {
        return new PagesException(key + ", " + expression + ", cannot be applied to " + JsonShape.of(value));
    }
}
