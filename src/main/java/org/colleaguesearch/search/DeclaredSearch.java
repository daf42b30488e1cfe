package org.colleaguesearch.search;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.colleaguesearch.indexing.Searched;
import org.colleaguesearch.indexing.Searched.Kind;
import org.colleaguesearch.indexing.SearchedSections;
import org.springframework.stereotype.Component;

/** What the indexers declare as searched, as JSON for the jq programs of the search. Stateless. */
@Component("declaredSearch")
public class DeclaredSearch {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SearchedSections sections;

    DeclaredSearch(SearchedSections sections) {
        this.sections = sections;
    }

    /**
     * The declarations, with the paths of fields in the index: {@code sections}, each with {@code texts} and {@code names},
     * the fields that rank, {@code words}, where the {@code meaning} of the texts in {@code meaning_fields} is kept, and what to {@code
     * show}; {@code filters}; {@code suggestions}; {@code weights}.
     */
    public String json() {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode declared = all.putArray("sections");
        ArrayNode filters = all.putArray("filters");
        ArrayNode suggestions = all.putArray("suggestions");
        ArrayNode weights = all.putArray("weights");
        for (Searched section : sections.all()) {
            addSection(section, declared.addObject());
            addFilters(section, filters);
            for (int i = 0; i < section.suggestions().size(); i++) {
                suggestions
                        .addObject()
                        .put("name", section.suggestionNames().get(i))
                        .put("section", section.section())
                        .put(
                                "field",
                                section.path(
                                        section.suggestions().get(i).fields().get(0)));
            }
            if (section.weight() != null) {
                weights.addObject().put("section", section.section()).put("field", section.path(section.weight()));
            }
        }
        return all.toString();
    }

    private static void addSection(Searched section, ObjectNode json) {
        json.put("name", section.section());
        Map<String, Kind> kinds = section.kinds();
        ArrayNode texts = json.putArray("texts");
        ArrayNode names = json.putArray("names");
        ArrayNode words = json.putArray("words");
        section.search().forEach((field, boost) -> {
            Kind kind = kinds.get(field);
            String path = section.path(field);
            String weighted = path + (boost == 1 ? "" : "^" + boost);
            switch (kind) {
                case TITLE ->
                    texts.addObject()
                            .put("field", path)
                            .put("weighted", weighted)
                            .put("title", true);
                case TEXT ->
                    texts.addObject()
                            .put("field", path)
                            .put("weighted", weighted)
                            .put("title", false);
                case NAME -> names.addObject().put("field", path).put("weighted", weighted);
                default -> words.add(path + ".filter");
            }
        });
        Searched.Show show = section.show();
        json.put("meaning", section.meaning().isEmpty() ? null : section.meaningPath());
        ArrayNode fields = json.putArray("meaning_fields");
        section.meaning().forEach(field -> fields.add(section.path(field)));
        ArrayNode shown = json.putArray("show");
        show.fields().forEach(field -> shown.add(section.path(field)));
        json.put("latest", show.latest() == null ? null : values(section, show.latest()));
        json.put("current", show.current());
        json.put("result", section.shownAs());
    }

    private static void addFilters(Searched section, ArrayNode filters) {
        for (Searched.Filter filter : section.filterNames()) {
            ObjectNode json = filters.addObject()
                    .put("name", filter.name())
                    .put("section", section.section())
                    .put("values", values(section, filter.fields().get(0)))
                    .put("facet", filter.isFacet());
            ArrayNode fields = json.putArray("fields");
            filter.fields().forEach(field -> fields.add(section.path(field) + ".filter"));
        }
    }

    /** The field with whole values. */
    private static String values(Searched section, String field) {
        return section.path(field) + (section.kinds().get(field) == Kind.NAME ? ".keyword" : "");
    }
}
