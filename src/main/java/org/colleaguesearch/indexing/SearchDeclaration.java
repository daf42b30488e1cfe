package org.colleaguesearch.indexing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.colleaguesearch.indexing.Searched.Kind;
import org.colleaguesearch.indexing.Searched.Named;
import org.colleaguesearch.indexing.Searched.Show;

/** Reads the parameters of an indexer that declare how its section is searched. */
public final class SearchDeclaration {
    /** The parameters. */
    public static final List<String> PARAMETERS = List.of("search", "filters", "suggest", "meaning", "show", "weight");

    private static final double MAX_BOOST = 10;
    private static final Pattern BOOSTED = Pattern.compile("([^^]*)(?:\\^(.*))?");
    private static final Pattern NAMED = Pattern.compile("(.+?)(?:\\s+as\\s+(\\S+))?");
    private static final Pattern SHOWN = Pattern.compile("(\\S+)(?:\\s+(desc)|\\s+current\\s+as\\s+(\\S+))?");

    private final String section;
    private final DeclaredValues values;

    private SearchDeclaration(String section, DeclaredValues values) {
        this.section = section;
        this.values = values;
    }

    /** A wrong declaration. The message is one line: what is wrong, and what to do. */
    public static final class Wrong extends IllegalArgumentException {
        private final String parameter;

        Wrong(String parameter, String message) {
            super(parameter + ": " + message);
            this.parameter = parameter;
        }

        /** The parameter that is wrong. */
        public String parameter() {
            return parameter;
        }
    }

    /**
     * Reads a declaration.
     *
     * @param parameters the value of each parameter; null or empty for none
     * @param columns the fields that are shown unless the parameter {@code show} names others
     * @throws Wrong for the first wrong parameter
     */
    public static Searched read(String section, UnaryOperator<String> parameters, List<String> columns) {
        return new SearchDeclaration(section, new DeclaredValues(parameters)).read(columns);
    }

    private Searched read(List<String> columns) {
        Map<String, Double> search = search();
        List<Named> filters = filters();
        List<Named> suggestions = suggestions(search, filters);
        List<String> meaning = meaning(search);
        Show show = show(columns);
        String weight = weight();
        Searched searched = new Searched(section, search, filters, suggestions, meaning, show, weight);
        if (!searched.isDeclared()) {
            for (String parameter : PARAMETERS) {
                if (!values.value(parameter).isEmpty()) {
                    throw new Wrong(parameter, "has no effect without search or filters: add one of them");
                }
            }
        }
        if (searched.isDeclared() && DeclaredValues.TAKEN.contains(searched.shownAs())) {
            throw new Wrong(
                    "show", "results have a field '" + section + "' of their own: choose another name for the indexer");
        }
        Map<String, Kind> kinds = searched.kinds();
        if (show.latest() != null
                && (kinds.get(show.latest()) == Kind.TITLE || kinds.get(show.latest()) == Kind.TEXT)) {
            throw new Wrong("show", "full text cannot be ordered: remove desc after '" + show.latest() + "'");
        }
        if (weight != null && kinds.get(weight) != Kind.NUMBER) {
            throw new Wrong("weight", "'" + weight + "' is also searched, filtered or ordered: choose another field");
        }
        return searched;
    }

    private Map<String, Double> search() {
        Map<String, Double> boosts = new LinkedHashMap<>();
        for (String entry : values.entries("search")) {
            Matcher matcher = BOOSTED.matcher(entry);
            if (!matcher.matches()) {
                throw new Wrong("search", "expected a field or field^boost, such as title^2, not '" + entry + "'");
            }
            String field = DeclaredValues.field("search", matcher.group(1).strip());
            if (boosts.put(field, boost(field, matcher.group(2))) != null) {
                throw new Wrong("search", "duplicate field '" + field + "': remove one");
            }
        }
        return boosts;
    }

    private static double boost(String field, String text) {
        if (text == null) {
            return 1;
        }
        double boost = text.strip().matches("\\d{1,3}(\\.\\d{1,3})?") ? Double.parseDouble(text.strip()) : -1;
        // OpenSearch searches several fields together only with boosts of at least 1.
        if (boost != 0 && (boost < 1 || boost > MAX_BOOST)) {
            throw new Wrong(
                    "search",
                    "boost '" + text.strip() + "' of '" + field
                            + "' is not accepted; expected 1 to 10, or 0 for a field"
                            + " that is found but does not affect the ranking");
        }
        return boost;
    }

    private List<Named> filters() {
        List<Named> filters = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String entry : values.entries("filters")) {
            Matcher matcher = NAMED.matcher(entry);
            if (!matcher.matches()) {
                throw new Wrong("filters", "expected a field or 'field as name', not '" + entry + "'");
            }
            Set<String> fields = new LinkedHashSet<>();
            for (String field : matcher.group(1).split("\\|", -1)) {
                fields.add(DeclaredValues.field("filters", field.strip()));
                if (!seen.add(field.strip())) {
                    throw new Wrong("filters", "duplicate field '" + field.strip() + "': remove one");
                }
            }
            if (fields.size() > 1 && matcher.group(2) == null) {
                throw new Wrong("filters", "'" + entry + "' needs a name: write '" + entry + " as " + section + "'");
            }
            filters.add(new Named(DeclaredValues.name("filters", matcher.group(2)), List.copyOf(fields)));
        }
        return filters;
    }

    /** By default the fields that are both searched and filtered. */
    private List<Named> suggestions(Map<String, Double> search, List<Named> filters) {
        if (values.value("suggest").isEmpty()) {
            return filters.stream()
                    .flatMap(filter -> filter.fields().stream())
                    .filter(field -> search.getOrDefault(field, 0.0) > 0)
                    .map(field -> new Named(null, List.of(field)))
                    .toList();
        }
        List<Named> suggestions = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String entry : values.entries("suggest")) {
            Matcher matcher = NAMED.matcher(entry);
            if (!matcher.matches()) {
                throw new Wrong("suggest", "expected a field or 'field as name', not '" + entry + "'");
            }
            String field = DeclaredValues.field("suggest", matcher.group(1).strip());
            if (!seen.add(field)) {
                throw new Wrong("suggest", "duplicate field '" + field + "': remove one");
            }
            if (search.getOrDefault(field, 0.0) == 0) {
                throw new Wrong("suggest", "'" + field + "' is not searched: add it to search, or remove it here");
            }
            suggestions.add(new Named(DeclaredValues.name("suggest", matcher.group(2)), List.of(field)));
        }
        return suggestions;
    }

    private List<String> meaning(Map<String, Double> search) {
        Set<String> fields = new LinkedHashSet<>();
        for (String entry : values.entries("meaning")) {
            String field = DeclaredValues.field("meaning", entry);
            if (!fields.add(field)) {
                throw new Wrong("meaning", "duplicate field '" + field + "': remove one");
            }
            if (search.getOrDefault(field, 0.0) == 0) {
                throw new Wrong("meaning", "'" + field + "' is not searched: add it to search, or remove it here");
            }
        }
        return List.copyOf(fields);
    }

    private Show show(List<String> columns) {
        if (values.value("show").isEmpty()) {
            return new Show(columns, null, null, null);
        }
        Set<String> fields = new LinkedHashSet<>();
        String latest = null;
        String current = null;
        String as = null;
        for (String entry : values.entries("show")) {
            Matcher matcher = SHOWN.matcher(entry);
            if (!matcher.matches()) {
                throw new Wrong(
                        "show", "expected a field, 'field desc' or 'field current as name', not '" + entry + "'");
            }
            String field = DeclaredValues.field("show", matcher.group(1));
            if (!fields.add(field)) {
                throw new Wrong("show", "duplicate field '" + field + "': remove one");
            }
            if (matcher.group(2) != null) {
                latest = once("desc", latest, field);
            }
            if (matcher.group(3) != null) {
                current = once("current", current, field);
                as = DeclaredValues.name("show", matcher.group(3));
            }
        }
        return new Show(List.copyOf(fields), latest, current, as);
    }

    private static String once(String word, String before, String field) {
        if (before != null) {
            throw new Wrong("show", "only one field can be " + word + ": remove it after '" + field + "'");
        }
        return field;
    }

    private String weight() {
        String weight = values.value("weight");
        return weight.isEmpty() ? null : DeclaredValues.field("weight", weight);
    }
}
