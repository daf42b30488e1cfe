package org.colleaguesearch.tooling.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;

/**
 * The values that Camel's schema allows at one place of a route file, with alternatives merged. Immutable.
 *
 * @param types JSON types: string, number, boolean, array, object; none means any
 * @param values allowed texts; none means any
 * @param keys allowed keys, with the schema of their values
 * @param required required keys
 * @param choices sets of keys; exactly one key of each set is required
 * @param isClosed whether other keys are forbidden
 * @param isSingle whether only one key is allowed
 * @param items schema of the items of a list, or null
 */
record Shape(
        Set<String> types,
        Set<String> values,
        Map<String, JsonNode> keys,
        Set<String> required,
        List<Set<String>> choices,
        boolean isClosed,
        boolean isSingle,
        JsonNode items) {

    private static final String MODELS = "/items/definitions/org.apache.camel.model.";

    /** Steps that Camel accepts in a route although its schema does not list them. */
    private static final Map<String, String> STEPS =
            Map.of("onException", "OnExceptionDefinition", "onCompletion", "OnCompletionDefinition");

    /** Read when the first file is checked. Shared and immutable. */
    private static final class Camel {
        private static final JsonNode SCHEMA = read();

        private static JsonNode read() {
            try (InputStream schema =
                    YamlRoutesBuilderLoader.class.getClassLoader().getResourceAsStream("schema/camelYamlDsl.json")) {
                JsonNode read = new ObjectMapper().readTree(schema);
                STEPS.forEach((key, model) -> ((ObjectNode) read.at(MODELS + "ProcessorDefinition/properties"))
                        .putObject(key)
                        .put("$ref", "#" + MODELS + model));
                return read;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The shape of a whole file. */
    static Shape ofFile() {
        return of(Camel.SCHEMA);
    }

    /** The shape of a part of the schema. */
    static Shape of(JsonNode schema) {
        Builder shape = new Builder();
        shape.add(schema);
        return shape.build();
    }

    private static final class Builder {
        private final Set<String> types = new TreeSet<>();
        private final Set<String> values = new TreeSet<>();
        private final Map<String, JsonNode> keys = new LinkedHashMap<>();
        private final Set<String> required = new TreeSet<>();
        private final List<Set<String>> choices = new ArrayList<>();
        private boolean isClosed;
        private boolean isSingle;
        private JsonNode items;

        void add(JsonNode schema) {
            if (schema.has("$ref")) {
                add(Camel.SCHEMA.at(schema.get("$ref").textValue().substring(1)));
                return;
            }
            if (schema.has("type")) {
                types.add(schema.get("type").textValue());
            }
            schema.path("enum").forEach(value -> values.add(value.asText()));
            schema.path("properties").properties().forEach(key -> add(key.getKey(), key.getValue()));
            schema.path("required").forEach(key -> required.add(key.textValue()));
            isClosed |= schema.has("additionalProperties")
                    && !schema.get("additionalProperties").asBoolean(true);
            isSingle |= schema.path("maxProperties").asInt() == 1;
            items = schema.has("items") ? schema.get("items") : items;
            schema.path("oneOf").forEach(alternative -> add(alternative));
            for (JsonNode group : schema.path("anyOf")) {
                Set<String> choice = new TreeSet<>();
                addChoices(group, choice);
                choices.add(choice);
            }
        }

        /** When a key is listed twice, one of the two has an empty schema. */
        private void add(String key, JsonNode schema) {
            keys.merge(key, schema, (one, other) -> one.isEmpty() ? other : one);
        }

        private void addChoices(JsonNode alternative, Set<String> choice) {
            if (alternative.has("$ref")) {
                addChoices(Camel.SCHEMA.at(alternative.get("$ref").textValue().substring(1)), choice);
                return;
            }
            alternative.path("required").forEach(key -> choice.add(key.textValue()));
            alternative.path("properties").properties().forEach(key -> add(key.getKey(), key.getValue()));
            alternative.path("oneOf").forEach(inner -> addChoices(inner, choice));
            alternative.path("anyOf").forEach(inner -> addChoices(inner, choice));
        }

        Shape build() {
            if (types.isEmpty() && !keys.isEmpty()) {
                // The schema leaves the type out, for example for the items of a file.
                types.add("object");
            }
            return new Shape(types, values, keys, required, choices, isClosed || !choices.isEmpty(), isSingle, items);
        }
    }
}
