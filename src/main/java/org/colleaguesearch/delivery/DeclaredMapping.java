package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.colleaguesearch.indexing.Searched;

/**
 * The mapping of the sections that indexers declare as searched. A field that the mapping file itself defines stays as it
 * is there. The mapping's {@code _meta} records what was declared, so that a later start can tell what has changed.
 *
 * @param sections the sections that are searched
 * @param indexers the names of all indexers, searched or not
 */
record DeclaredMapping(List<Searched> sections, Set<String> indexers) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Key in {@code _meta}: the kinds of the fields of each section. */
    static final String DECLARED = "declared";

    /** A setting that an index has from its beginning or not at all. */
    private static final String VECTORS = "index.knn";

    private static final String FIELDS = "/mappings/fields.json";

    /**
     * What a mapping lacks.
     *
     * @param reason why the documents must be copied to a new index; null if not
     * @param properties the properties to add
     * @param refilled the sections that have new fields and may have items
     * @param meta the {@code _meta} after the change; null if it stays the same
     */
    record Change(String reason, ObjectNode properties, List<String> refilled, ObjectNode meta) {
        boolean isCopy() {
            return reason != null;
        }
    }

    /** Whether any section is searched by meaning. */
    boolean comparesMeaning() {
        return sections.stream().anyMatch(section -> !section.meaning().isEmpty());
    }

    /** The same without what the meaning of texts is kept in. */
    DeclaredMapping ofWords() {
        return new DeclaredMapping(sections.stream().map(Searched::ofWords).toList(), indexers);
    }

    /** Adds the sections to the definition of a new index. */
    ObjectNode completed(ObjectNode definition) {
        if (sections.isEmpty()) {
            return definition;
        }
        ObjectNode mappings = definition.withObject("/mappings");
        ObjectNode properties = mappings.withObject("/properties");
        for (Searched section : sections) {
            boolean isNew = !properties.has(section.section());
            ObjectNode mapped = properties.withObject("/" + section.section());
            if (isNew) {
                mapped.setAll(empty(section));
            }
            addMissing(section, mapped.withObject("/properties"), mapped.path("properties"));
        }
        if (comparesMeaning()) {
            // The vectors stay in the source of the documents, since updates and copies are made from it.
            definition.withObject("/settings").put(VECTORS, true).put(VECTORS + ".derived_source.enabled", false);
        }
        mappings.withObject("/_meta").set(DECLARED, declared(JSON.createObjectNode()));
        return definition;
    }

    /**
     * Compares an index with the declarations.
     *
     * @param index its settings and mapping, as OpenSearch returns them
     */
    Change change(JsonNode index) {
        if (comparesMeaning() && !index.at("/settings/index/knn").asBoolean()) {
            return copy("it has no place for the meaning of texts");
        }
        JsonNode mappings = index.path("mappings");
        ObjectNode meta =
                mappings.path("_meta") instanceof ObjectNode object ? object.deepCopy() : JSON.createObjectNode();
        JsonNode before = meta.path(DECLARED);
        ObjectNode properties = JSON.createObjectNode();
        List<String> refilled = new ArrayList<>();
        for (String name : indexers) {
            if (before.has(name)
                    && sections.stream().noneMatch(section -> section.section().equals(name))) {
                return copy(name + " is no longer searched");
            }
        }
        for (Searched section : sections) {
            String name = section.section();
            JsonNode mapped = mappings.path("properties").path(name);
            String conflict = conflict(section, mapped, before.path(name));
            if (conflict != null) {
                return copy(conflict);
            }
            ObjectNode added = JSON.createObjectNode();
            addMissing(section, added, mapped.path("properties"));
            if (mapped.isMissingNode()) {
                properties.set(name, empty(section).set("properties", added));
                continue;
            }
            if (!added.isEmpty()) {
                // OpenSearch requires what cannot change, too.
                ObjectNode existing = properties.putObject(name).put("type", "nested");
                if (mapped.path("include_in_root").asBoolean()) {
                    existing.put("include_in_root", true);
                }
                existing.set("properties", added);
            }
            if (added.size() > (added.has(Searched.MEANING) ? 1 : 0) || isUnrecorded(section, before.path(name))) {
                refilled.add(name);
            }
        }
        JsonNode after = declared(before.deepCopy());
        return new Change(
                null,
                properties,
                refilled,
                after.equals(before) || sections.isEmpty() ? null : meta.set(DECLARED, after));
    }

    /** Whether a start was killed after it had added fields. */
    private static boolean isUnrecorded(Searched section, JsonNode before) {
        return !before.isMissingNode() && section.kinds().keySet().stream().anyMatch(field -> !before.has(field));
    }

    private static Change copy(String reason) {
        return new Change(reason, JSON.createObjectNode(), List.of(), null);
    }

    /** What of a section cannot be changed in place; null if nothing. */
    private static String conflict(Searched section, JsonNode mapped, JsonNode before) {
        if (mapped.isMissingNode()) {
            return null;
        }
        String name = section.section();
        if (!mapped.path("type").asText().equals("nested")) {
            return name + " was not searched before";
        }
        if (section.isInPerson() && !mapped.path("include_in_root").asBoolean()) {
            return name + " had no filters before";
        }
        Map<String, Searched.Kind> kinds = section.kinds();
        for (Map.Entry<String, JsonNode> field : before.properties()) {
            Searched.Kind kind = kinds.get(field.getKey());
            if (kind == null || !kind.name().equals(field.getValue().asText())) {
                return "the use of " + section.path(field.getKey()) + " has changed";
            }
        }
        return null;
    }

    /** A section without fields. Undeclared fields are kept in the documents, but not indexed. */
    private static ObjectNode empty(Searched section) {
        ObjectNode mapped = JSON.createObjectNode().put("type", "nested").put("dynamic", false);
        if (section.isInPerson()) {
            mapped.put("include_in_root", true);
        }
        return mapped;
    }

    private static void addMissing(Searched section, ObjectNode properties, JsonNode existing) {
        JsonNode fields = fields();
        if (!section.meaning().isEmpty() && !existing.has(Searched.MEANING)) {
            properties.set(Searched.MEANING, fields.get("MEANING"));
        }
        section.kinds().forEach((field, kind) -> {
            if (!existing.has(field)) {
                properties.set(field, fields.get(kind.name()));
            }
        });
    }

    private JsonNode declared(JsonNode before) {
        ObjectNode declared = before instanceof ObjectNode object ? object : JSON.createObjectNode();
        for (Searched section : sections) {
            ObjectNode fields = declared.putObject(section.section());
            section.kinds().forEach((field, kind) -> fields.put(field, kind.name()));
        }
        return declared;
    }

    private static JsonNode fields() {
        try (InputStream file = DeclaredMapping.class.getResourceAsStream(FIELDS)) {
            return JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
