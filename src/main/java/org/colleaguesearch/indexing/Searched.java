package org.colleaguesearch.indexing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a section is searched, as its indexer declares. Fields are those of an item, without the section.
 *
 * @param search the boosts of the fields that queries are matched against, in order; 0 for a field that does not affect
 *     the ranking
 * @param filters the filters, each with the fields of which one must match
 * @param suggestions the groups of suggestions, each with one field
 * @param meaning the texts that are compared with a question by their meaning; empty for none
 * @param show what the response shows of the items
 * @param weight the number of an item that ranks people with equally good suggestions by its sum; null for none
 */
public record Searched(
        String section,
        Map<String, Double> search,
        List<Named> filters,
        List<Named> suggestions,
        List<String> meaning,
        Show show,
        String weight) {

    /** The field of an item that its meaning is kept in. */
    public static final String MEANING = "_meaning";

    /** A filter or a group of suggestions. {@code name} is a name of its own, or null for {@code <section>.<field>}. */
    public record Named(String name, List<String> fields) {}

    /**
     * What a response shows.
     *
     * @param latest the date that orders equally good items, the latest first; null for none
     * @param current the end of an item: only the item without one, or with the latest one, is shown; null for all items
     * @param as the name of the current item in the response; null if all items are shown
     */
    public record Show(List<String> fields, String latest, String current, String as) {}

    /** A filter as requests and responses name it. {@code isFacet}: whether facets are counted unless a request names some. */
    public record Filter(String name, List<String> fields, boolean isFacet) {}

    /** How a field is indexed. */
    public enum Kind {
        /** Full text that also gives the topics of suggestions. */
        TITLE,
        /** Full text. */
        TEXT,
        /** A short full text that is filtered or suggested as a whole. */
        NAME,
        /** An exact value that queries find. */
        WORD,
        /** An exact value for filters only. */
        EXACT,
        DATE,
        NUMBER;

        /** Whether queries match single words of the field and rank by them. */
        public boolean isFullText() {
            return this == TITLE || this == TEXT || this == NAME;
        }
    }

    /** Whether anything is declared. If not, the section is not searched. */
    public boolean isDeclared() {
        return !search.isEmpty() || !filters.isEmpty();
    }

    /** The same declaration without {@code meaning}. */
    public Searched ofWords() {
        return new Searched(section, search, filters, suggestions, List.of(), show, weight);
    }

    /** The fields that are indexed, each with its kind. */
    public Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        search.forEach((field, boost) -> kinds.put(field, kind(field, boost, kinds.isEmpty())));
        fields(filters).forEach(field -> kinds.putIfAbsent(field, Kind.EXACT));
        if (show.latest() != null) {
            kinds.putIfAbsent(show.latest(), Kind.DATE);
        }
        if (weight != null) {
            kinds.putIfAbsent(weight, Kind.NUMBER);
        }
        return kinds;
    }

    private Kind kind(String field, double boost, boolean isFirst) {
        if (boost == 0) {
            return Kind.WORD;
        }
        if (Stream.concat(fields(filters), fields(suggestions)).anyMatch(field::equals)) {
            return Kind.NAME;
        }
        return isFirst ? Kind.TITLE : Kind.TEXT;
    }

    private static Stream<String> fields(List<Named> named) {
        return named.stream().flatMap(each -> each.fields().stream());
    }

    /** The names of the filters: those of their own, then {@code <section>.<field>} for each field. */
    public List<Filter> filterNames() {
        List<Filter> own = filters.stream()
                .filter(filter -> filter.name() != null)
                .map(filter -> new Filter(filter.name(), filter.fields(), true))
                .toList();
        Stream<Filter> full = filters.stream()
                .flatMap(filter -> filter.fields().stream()
                        .map(field -> new Filter(path(field), List.of(field), filter.name() == null)));
        return Stream.concat(own.stream(), full).toList();
    }

    /** The names of the groups of suggestions. */
    public List<String> suggestionNames() {
        return suggestions.stream()
                .map(each -> each.name() == null ? path(each.fields().get(0)) : each.name())
                .toList();
    }

    /** The name of the section in a result. */
    public String shownAs() {
        return show.as() == null ? section : show.as();
    }

    /** Whether the items are also indexed with the person, so that fields of several sections can be searched together. */
    public boolean isInPerson() {
        return !filters.isEmpty() || kinds().containsValue(Kind.NAME);
    }

    /** The path of what the meaning of an item is kept in, in a person's document. */
    public String meaningPath() {
        return path(MEANING);
    }

    /** The path of a field in a person's document. */
    public String path(String field) {
        return section + "." + field;
    }
}
