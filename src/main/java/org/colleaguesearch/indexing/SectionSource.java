package org.colleaguesearch.indexing;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Jq;
import org.colleaguesearch.settings.Paging;
import org.colleaguesearch.settings.Paging.Kind;

/**
 * How an indexer reads a section from its API. Immutable.
 *
 * @param items takes all items from a page; null: the section of the page has all of them
 * @param feed how it takes the items of all people from one listing; null: it calls a URL for each person
 */
public record SectionSource(RequestTemplate request, Paging paging, Jq items, FeedSource feed) {
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
        return new SectionSource(
                RequestTemplate.of(parameters), paging(parameters), parameters.jq("items"), FeedSource.of(parameters));
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
