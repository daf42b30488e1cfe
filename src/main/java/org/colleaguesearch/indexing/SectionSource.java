package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.colleaguesearch.settings.Jq;
import org.colleaguesearch.settings.Paging;
import org.colleaguesearch.settings.Paging.Kind;
import org.colleaguesearch.source.JsonShape;
import org.colleaguesearch.source.PagesException;

/**
 * How an indexer reads a section from its API. Immutable.
 *
 * @param url of a person
 * @param items takes all items from a page; null: the section of the page, or {@code each} of a feed, has all of them
 * @param feed how it takes the items of all people from one listing; null: it calls a URL for each person
 */
public record SectionSource(PersonTemplate url, RequestTemplate request, Paging paging, Jq items, FeedSource feed) {
    private static final String PATH = "\\.(\\w+|\"[^\"]*\")?(\\.(\\w+|\"[^\"]*\"))*";

    /** Expressions that give one result for each item of a list: a path, with or without an object for each item. */
    private static final Pattern ONE_FOR_ONE = Pattern.compile("PATH(\\[])?"
            .concat("|\\[?\\s*PATH\\[]\\s*\\|\\s*\\{[^\\[\\]|]*}\\s*]?")
            .concat("|PATH\\s*\\|\\s*map\\(\\{[^\\[\\]|]*}\\)")
            .replace("PATH", PATH));

    private static final List<String> KINDS = Stream.of(Kind.values())
            .filter(kind -> kind != Kind.NONE)
            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
            .toList();

    /**
     * Reads the parameters of an indexer.
     *
     * @param values by name; those that it leaves out are missing or empty
     * @throws InvalidParameter when one is invalid
     */
    public static SectionSource of(Map<String, ?> values) {
        Parameters parameters = new Parameters(values);
        SectionSource source = new SectionSource(
                new PersonTemplate(FeedSource.withoutSince(parameters.text("url"))),
                RequestTemplate.of(parameters),
                paging(parameters),
                parameters.jq("items"),
                FeedSource.of(parameters));
        source.check(parameters);
        return source;
    }

    private void check(Parameters parameters) {
        boolean isCounted = paging.kind() == Kind.PAGE || paging.kind() == Kind.OFFSET;
        String list = feed == null ? "section" : "each";
        if (isCounted
                && items == null
                && !ONE_FOR_ONE.matcher(parameters.text(list).strip()).matches()) {
            throw parameters.wrong(
                    list,
                    "may leave out or repeat items of a page, but their number decides which page is next: add 'items',"
                            + " an expression for all items of a page");
        }
        if ((isCounted || paging.kind() == Kind.CURSOR)
                && !parameters.text("query").isEmpty()) {
            throw parameters.wrong("paging", "is a parameter of the URL, which GraphQL does not read");
        }
    }

    /** The values of a person that its URL and body need, besides id and name. */
    public List<String> variables() {
        Stream<String> ofBody = request.body() == null ? Stream.of() : request.body().variables().stream();
        return Stream.concat(url.variables().stream(), ofBody)
                .filter(variable -> !variable.matches("id|name"))
                .distinct()
                .toList();
    }

    /**
     * The number of items on a page.
     *
     * @param read how many the section of the page, or {@code each}, has
     * @throws PagesException when {@code items} cannot be applied to the page
     */
    int count(JsonNode page, int read) {
        if (items == null) {
            return read;
        }
        try {
            ArrayNode all = items.results(page);
            return all.size() == 1 && all.get(0).isArray() ? all.get(0).size() : all.size();
        } catch (JsonQueryException e) {
            // Without the cause, whose message quotes the response.
            throw new PagesException("items, " + items + ", cannot be applied to " + JsonShape.of(page));
        }
    }

    private static Paging paging(Parameters parameters) {
        // Former versions had the default "false".
        boolean hasNext = !parameters.text("next").matches("|false");
        Kind kind = Kind.valueOf(
                parameters.oneOf("paging", KINDS, hasNext ? "next" : "none").toUpperCase(Locale.ROOT));
        boolean usesNext = kind == Kind.NEXT || kind == Kind.CURSOR;
        if (usesNext && !hasNext) {
            throw parameters.wrong("paging", "needs 'next', a jq expression for the next page");
        }
        if (hasNext && !usesNext) {
            throw parameters.wrong("next", "is not used with paging " + parameters.text("paging") + ": remove it");
        }
        Integer first = parameters.number("firstPage", 0);
        return new Paging(
                kind,
                usesNext ? parameters.jq("next") : null,
                emptyToNull(parameters.text("pageParam")),
                emptyToNull(parameters.text("sizeParam")),
                parameters.number("pageSize", 1),
                first == null ? 1 : first,
                parameters.jq("total"),
                "");
    }

    private static String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
