package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.json.stream.JsonGenerator;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.opensearch.client.json.JsonpSerializable;
import org.opensearch.client.json.NdJsonpSerializable;
import org.opensearch.client.json.jackson.JacksonJsonpMapper;

/** Converts message bodies of any class to JSON, so that tests can state expectations. */
final class Json {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    private static final ObjectMapper BY_VALUE =
            JsonMapper.builder().nodeFactory(new WholeNumbers()).build();
    private static final JacksonJsonpMapper OPENSEARCH = new JacksonJsonpMapper();

    private Json() {}

    static JsonNode parse(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }

    static JsonNode text(String text) {
        return TextNode.valueOf(text);
    }

    /** Converts records, lists, maps and OpenSearch objects by structure, and any other object to its text. */
    static JsonNode of(Object value) {
        return switch (value) {
            case null -> NullNode.getInstance();
            case JsonNode tree -> tree.deepCopy();
            case byte[] bytes -> text(new String(bytes, StandardCharsets.UTF_8));
            case Number number -> JSON.valueToTree(number);
            case Boolean yes -> JsonNodeFactory.instance.booleanNode(yes);
            case Optional<?> optional -> of(optional.orElse(null));
            case Map<?, ?> map -> object(map);
            // Before Iterable: a path would become a list of its names.
            case Path path -> text(path.toString());
            case Iterable<?> list -> list(list);
            case Object[] array -> list(Arrays.asList(array));
            case NdJsonpSerializable lines -> lines(lines);
            case JsonpSerializable document -> serialized(document);
            case Record fields -> fields(fields);
            default -> text(value.toString());
        };
    }

    private static ObjectNode object(Map<?, ?> map) {
        ObjectNode object = JSON.createObjectNode();
        map.forEach((key, value) -> object.set(String.valueOf(key), of(value)));
        return object;
    }

    private static ArrayNode list(Iterable<?> list) {
        ArrayNode array = JSON.createArrayNode();
        list.forEach(each -> array.add(of(each)));
        return array;
    }

    private static ArrayNode lines(NdJsonpSerializable operation) {
        ArrayNode array = JSON.createArrayNode();
        operation._serializables().forEachRemaining(line -> array.add(serialized(line)));
        return array;
    }

    private static JsonNode serialized(Object document) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = OPENSEARCH.jsonProvider().createGenerator(text)) {
            OPENSEARCH.serialize(document, json);
        }
        return parsed(text(text.toString()));
    }

    private static ObjectNode fields(Record value) {
        ObjectNode object = JSON.createObjectNode();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                object.set(component.getName(), of(component.getAccessor().invoke(value)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot show " + value.getClass(), e);
            }
        }
        return object;
    }

    /** Parses the JSON in a text; returns the value unchanged if it contains none. */
    static JsonNode parsed(JsonNode value) {
        if (!value.isTextual()) {
            return value;
        }
        try {
            return parse(value.textValue());
        } catch (JsonProcessingException e) {
            return value;
        }
    }

    /** Normalizes numbers, so that equal ones from a test file and from a route compare equal. */
    static JsonNode plain(JsonNode value) {
        try {
            return value.isMissingNode() ? value : BY_VALUE.readTree(value.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The text of a text node, otherwise compact JSON. */
    static String compact(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    /** Pretty-printed with sorted keys, so that equal values look the same. */
    static String pretty(JsonNode value) {
        try {
            return value.isTextual()
                    ? value.textValue()
                    : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.treeToValue(value, Object.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
