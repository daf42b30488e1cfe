package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Unreadable;
import org.colleaguesearch.tooling.yaml.Yaml;
import org.colleaguesearch.tooling.yaml.YamlReader;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import org.snakeyaml.engine.v2.schema.Schema;

/** A YAML file as JSON, with the place of each value. Immutable after reading. */
final class YamlFile {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Decides which unquoted words are numbers, booleans or null: not {@code NO}, which can be a country. */
    private static final Schema WORDS = new CoreSchema();

    private final Path path;
    private final Map<JsonPointer, Place> places = new HashMap<>();
    private final JsonNode tree;

    private YamlFile(Path path, Yaml root) {
        this.path = path;
        this.tree = json(root, JsonPointer.empty());
    }

    /**
     * Reads a file.
     *
     * @throws Unreadable when it cannot be read or is not YAML
     */
    static YamlFile read(Path path) throws Unreadable {
        return new YamlFile(path, YamlReader.read(path, path));
    }

    private JsonNode json(Yaml yaml, JsonPointer at) {
        // A value's place is that of its key, since readers look for the key.
        places.putIfAbsent(at, yaml.place());
        return switch (yaml) {
            case Yaml.Keys keys -> object(keys, at);
            case Yaml.Items items -> list(items, at);
            case Yaml.Text text -> text.isPlain() ? word(text.text()) : JSON.textNode(text.text());
        };
    }

    private ObjectNode object(Yaml.Keys keys, JsonPointer at) {
        ObjectNode object = JSON.objectNode();
        for (Yaml.Entry entry : keys.entries()) {
            JsonPointer field = at.appendProperty(entry.key().text());
            places.put(field, entry.key().place());
            object.set(entry.key().text(), json(entry.value(), field));
        }
        return object;
    }

    private ArrayNode list(Yaml.Items items, JsonPointer at) {
        ArrayNode list = JSON.arrayNode();
        items.items().forEach(item -> list.add(json(item, at.appendIndex(list.size()))));
        return list;
    }

    private static JsonNode word(String text) {
        Tag tag = WORDS.getScalarResolver().resolve(text, true);
        ConstructNode known = WORDS.getSchemaTagConstructors().get(tag);
        Object value = known == null ? text : known.construct(new ScalarNode(tag, text, ScalarStyle.PLAIN));
        // JSON has no infinite numbers.
        return value instanceof Double number && !Double.isFinite(number) ? Json.text(text) : Json.of(value);
    }

    Path path() {
        return path;
    }

    JsonNode tree() {
        return tree;
    }

    /** The place of a value; if it is missing, that of its nearest parent. */
    Place place(JsonPointer at) {
        JsonPointer nearest = at;
        while (!places.containsKey(nearest)) {
            nearest = nearest.head();
        }
        return places.get(nearest);
    }
}
