package org.colleaguesearch.web;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.colleaguesearch.indexing.Searched;
import org.colleaguesearch.web.ProblemException.Fault;

/**
 * The parts of the contract that name what the indexers declare: filters, facets, suggestions, and sections of results. Reads
 * the declarations each time, because an edit of the routes may add some. Thread-safe.
 */
final class DeclaredNames {
    private static final String FILTERS = "filters";
    private static final String FACETS = "facets";

    private final Supplier<List<Searched>> sections;
    private final Schema filter;

    /** @param filter the schema of the value of a filter */
    DeclaredNames(Supplier<List<Searched>> sections, Schema filter) {
        this.sections = sections;
        this.filter = filter;
    }

    /** The names of the filters, which are also those of the facets. */
    private Set<String> filters() {
        return sections.get().stream()
                .flatMap(section -> section.filterNames().stream())
                .map(Searched.Filter::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The faults of a search request that its schema does not find. {@code fixed}: the filters that the contract declares. */
    List<Fault> faults(JsonNode request, JsonNode fixed) {
        Set<String> known = filters();
        List<Fault> faults = new ArrayList<>();
        if (request.path(FILTERS).isObject()) {
            for (Map.Entry<String, JsonNode> each : request.get(FILTERS).properties()) {
                String field = "/" + FILTERS + JsonPointer.empty().appendProperty(each.getKey());
                if (known.contains(each.getKey())) {
                    faults.addAll(filter.faults(each.getValue(), field));
                } else if (!fixed.has(each.getKey())) {
                    List<String> all = new ArrayList<>(known);
                    fixed.fieldNames().forEachRemaining(all::add);
                    faults.add(new Fault(field, "unknown filter; expected one of: " + String.join(", ", all)));
                }
                if (faults.size() > ProblemException.MAX_FAULTS) {
                    return faults;
                }
            }
        }
        for (int i = 0;
                request.path(FACETS).isArray() && i < request.get(FACETS).size();
                i++) {
            JsonNode name = request.get(FACETS).get(i);
            if (name.isTextual() && !known.contains(name.textValue())) {
                faults.add(new Fault(
                        "/" + FACETS + "/" + i, "unknown facet; expected one of: " + String.join(", ", known)));
            }
        }
        return faults;
    }

    /** Adds the names to the document, which must be a copy. */
    void addTo(ObjectNode document) {
        ObjectNode schemas = (ObjectNode) document.at("/components/schemas");
        ObjectNode filters = schemas.withObject("/SearchFilters/properties");
        ObjectNode facets = schemas.withObject("/Facets/properties");
        ObjectNode suggestions = schemas.withObject("/Suggestions/properties");
        filters().forEach(name -> {
            filters.set(name, ref("Filter"));
            facets.set(name, ref("Facet"));
        });
        if (!filters().isEmpty()) {
            ArrayNode names =
                    schemas.withObject("/SearchRequest/properties/facets/items").putArray("enum");
            filters().forEach(names::add);
        }
        for (Searched section : sections.get()) {
            section.suggestionNames().forEach(name -> {
                suggestions.set(name, ref("Facet"));
                require(schemas, "Suggestions", name);
            });
            String shown = section.shownAs();
            schemas.withObject("/Hit/properties").set(shown, shown(section));
            require(schemas, "Hit", shown);
        }
        for (String closed : List.of("SearchFilters", "Facets", "Suggestions", "Hit")) {
            ((ObjectNode) schemas.get(closed)).remove("additionalProperties");
        }
        ((ObjectNode) schemas.get("SearchFilters")).put("additionalProperties", false);
    }

    private static void require(ObjectNode schemas, String schema, String name) {
        schemas.withObject("/" + schema).withArray("required").add(name);
    }

    private static ObjectNode ref(String schema) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + schema);
    }

    /** The schema of what a result shows of a section. */
    private static ObjectNode shown(Searched section) {
        ObjectNode item = JsonNodeFactory.instance.objectNode().put("type", "object");
        String fields = String.join(", ", section.show().fields());
        if (section.show().current() != null) {
            return item.put("additionalProperties", true)
                    .put("nullable", true)
                    .put(
                            "description",
                            "The current item of `" + section.section() + "`: the first without `"
                                    + section.show().current() + "`, or the one with the latest; null if there is none."
                                    + " Fields: " + fields + ".");
        }
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("type", "array");
        boolean isBest = section.kinds().containsValue(Searched.Kind.TITLE)
                || section.kinds().containsValue(Searched.Kind.TEXT);
        if (isBest) {
            ObjectNode properties = item.putObject("properties");
            properties.set("highlights", highlights());
            if (!section.meaning().isEmpty()) {
                properties.putObject("nearest").put("$ref", "#/components/schemas/Nearest");
            }
        }
        list.put(
                "description",
                (isBest ? "The best-matching items, or the latest if none matches; up to three." : "All items.")
                        + " Fields: " + fields + ".");
        list.set("items", item.put("additionalProperties", true));
        return list;
    }

    private static ObjectNode highlights() {
        ObjectNode highlights = JsonNodeFactory.instance
                .objectNode()
                .put("type", "array")
                .put("description", "Fragments of the texts, HTML-escaped, with matches in `<em>`.");
        highlights.putObject("items").put("type", "string");
        return highlights;
    }
}
