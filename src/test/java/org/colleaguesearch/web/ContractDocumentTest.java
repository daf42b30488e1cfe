package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requirements of the contract that generated clients depend on. */
class ContractDocumentTest {
    private static final JsonNode DOCUMENT = document();

    record Described(String id, JsonNode operation, JsonNode path) {
        @Override
        public String toString() {
            return id;
        }

        Stream<Map.Entry<String, JsonNode>> responses() {
            return operation.get("responses").properties().stream()
                    .map(response -> Map.entry(response.getKey(), resolved(response.getValue())));
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operationIsDescribed(Described described) {
        for (String text : List.of("summary", "description")) {
            assertThat(described.operation.path(text).asText()).as(text).isNotBlank();
        }
        for (JsonNode of : List.of(described.path, described.operation)) {
            of.path("parameters")
                    .forEach(parameter -> assertThat(
                                    resolved(parameter).path("description").asText())
                            .as(parameter.toString())
                            .isNotBlank());
        }
        JsonNode body = described.operation.at("/requestBody/content/application~1json");
        assertThat(body.isMissingNode() || body.has("example")).isTrue();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operationDeclaresCommonStatuses(Described described) {
        List<String> statuses = new ArrayList<>(List.of("400", "401", "403", "406", "429", "503", "default"));
        if (described.operation.has("requestBody")) {
            statuses.addAll(List.of("413", "415"));
        }
        Map<String, JsonNode> responses =
                described.responses().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

        assertThat(responses).containsKeys(statuses.toArray(String[]::new));
        for (String status : List.of("429", "503")) {
            assertThat(responses.get(status).at("/headers/Retry-After").isMissingNode())
                    .isFalse();
        }
        assertThat(responses.get("401").at("/headers/WWW-Authenticate").isMissingNode())
                .isFalse();
    }

    /** A generated client has one response type per operation. */
    @ParameterizedTest
    @MethodSource("operations")
    void successesHaveOneSchema(Described described) {
        Set<JsonNode> schemas = described
                .responses()
                .filter(response -> response.getKey().startsWith("2"))
                .flatMap(response -> children(response.getValue().get("content")))
                .map(type -> type.get("schema"))
                .collect(Collectors.toSet());

        assertThat(schemas).hasSize(1);
    }

    /** Some generators have no type for such a schema, or one that does not compile. */
    @Test
    void noSchemaCombinesOthers() {
        for (String word : List.of("oneOf", "anyOf", "allOf", "not")) {
            assertThat(DOCUMENT.findParent(word)).as(word).isNull();
        }
    }

    /** Many clients send an empty list instead of omitting it. */
    @Test
    void optionalListsMayBeEmpty() {
        DOCUMENT.at("/components/schemas").properties().forEach(schema -> {
            List<String> required = children(schema.getValue().path("required"))
                    .map(JsonNode::textValue)
                    .toList();
            schema.getValue()
                    .path("properties")
                    .properties()
                    .forEach(property -> assertThat(resolved(property.getValue())
                                                    .path("minItems")
                                                    .asInt()
                                            == 0
                                    || required.contains(property.getKey()))
                            .as(schema.getKey() + "." + property.getKey())
                            .isTrue());
        });
    }

    static Stream<Described> operations() {
        return DOCUMENT.get("paths").properties().stream()
                .flatMap(path -> children(path.getValue())
                        .filter(operation -> operation.has("operationId"))
                        .map(operation ->
                                new Described(operation.get("operationId").textValue(), operation, path.getValue())));
    }

    private static Stream<JsonNode> children(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.get("$ref").asText().substring(1)) : node;
    }

    private static JsonNode document() {
        try {
            return new ObjectMapper().readTree(new ApiContract(List::of).json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
