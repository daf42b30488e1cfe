package org.colleaguesearch.testing;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** A YAML file as a tree that knows where each value stands. Not changed once it is read. */
final class YamlFile {
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final Path path;
    private final Map<JsonPointer, String> places = new HashMap<>();
    private final JsonNode tree;

    private YamlFile(Path path, YAMLParser parser) throws IOException {
        this.path = path;
        parser.nextToken();
        this.tree =
                parser.currentToken() == null ? JsonNodeFactory.instance.nullNode() : read(parser, JsonPointer.empty());
        if (parser.nextToken() != null) {
            throw new UnreadableTest(place(parser) + ": a second document begins here: put it into a file of its own");
        }
    }

    /**
     * Reads a file.
     *
     * @throws UnreadableTest when there is no such file, or it is no YAML
     */
    static YamlFile read(Path path) {
        try (YAMLParser parser = (YAMLParser) YAML.createParser(Files.readString(path))) {
            return new YamlFile(path, parser);
        } catch (NoSuchFileException e) {
            throw new UnreadableTest(path + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw new UnreadableTest(path + ": is not UTF-8 text");
        } catch (JsonProcessingException e) {
            String why = e.getCause() instanceof MarkedYAMLException marked
                    ? marked.getProblem() + "; is there a text with one of [ ] { } , : # in it that wants quotes?"
                    : e.getOriginalMessage().lines().findFirst().orElse("");
            throw new UnreadableTest(path + ":" + e.getLocation().getLineNr() + ":"
                    + e.getLocation().getColumnNr() + ": is no YAML: " + why);
        } catch (IOException e) {
            throw new UnreadableTest(path + ": cannot be read: " + e.getMessage());
        }
    }

    private JsonNode read(YAMLParser parser, JsonPointer at) throws IOException {
        places.putIfAbsent(at, place(parser));
        if (parser.isCurrentAlias()) {
            throw new UnreadableTest(
                    place(parser) + ": an alias (*" + parser.getText() + ") cannot be used here: write it out");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, at);
            case START_ARRAY -> list(parser, at);
            default -> parser.readValueAsTree();
        };
    }

    private ObjectNode object(YAMLParser parser, JsonPointer at) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonPointer field = at.appendProperty(name);
            // A value is where its key is, which is what a reader looks for.
            places.put(field, place(parser));
            parser.nextToken();
            object.set(name, read(parser, field));
        }
        return object;
    }

    private ArrayNode list(YAMLParser parser, JsonPointer at) throws IOException {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(read(parser, at.appendIndex(list.size())));
        }
        return list;
    }

    private String place(YAMLParser parser) {
        return path + ":" + parser.currentTokenLocation().getLineNr() + ":"
                + parser.currentTokenLocation().getColumnNr();
    }

    Path path() {
        return path;
    }

    JsonNode tree() {
        return tree;
    }

    /** Where a value stands, or what holds it: {@code file:line:column}. */
    String place(JsonPointer at) {
        JsonPointer nearest = at;
        while (!places.containsKey(nearest)) {
            nearest = nearest.head();
        }
        return places.get(nearest);
    }

    /** The path of a value in its file, from a place as {@link #place(JsonPointer)} gives it, without its column. */
    static String line(String place) {
        return place.substring(0, place.lastIndexOf(':'));
    }
}
