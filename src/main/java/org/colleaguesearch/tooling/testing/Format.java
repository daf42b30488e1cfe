package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;

/** Validates test files against {@code schema/route-test.json}, which editors also use. Thread-safe. */
final class Format {
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V7)
            .getSchema(
                    SchemaLocation.of("classpath:schema/route-test.json"),
                    SchemaValidatorsConfig.builder()
                            .pathType(PathType.JSON_POINTER)
                            .locale(Locale.ENGLISH)
                            .build());

    private Format() {}

    /** The problems of a file. Beside an unknown key, a missing key is not reported: it may be the misspelt one. */
    static Stream<Problem> problems(YamlFile file) {
        Set<ValidationMessage> messages = SCHEMA.validate(file.tree());
        Set<JsonNodePath> misspelt = messages.stream()
                .filter(message -> message.getType().equals("additionalProperties"))
                .map(ValidationMessage::getInstanceLocation)
                .collect(Collectors.toSet());
        return messages.stream()
                .filter(message ->
                        !message.getType().equals("required") || !misspelt.contains(message.getInstanceLocation()))
                .map(message -> problem(file, message));
    }

    private static Problem problem(YamlFile file, ValidationMessage message) {
        JsonPointer at = JsonPointer.compile(message.getInstanceLocation().toString());
        JsonNode value = file.tree().at(at);
        JsonNode rule = message.getSchemaNode();
        String name = name(file, at);
        String text =
                switch (message.getType()) {
                    case "additionalProperties" -> {
                        at = at.appendProperty(message.getProperty());
                        yield "unknown key '" + message.getProperty() + "'"
                                + Nearest.remedy(message.getProperty(), keys(message));
                    }
                    case "required" -> "'" + message.getProperty() + "' is missing; add it";
                    case "dependencies" -> "this describes a failure; add 'fails' or remove it";
                    case "type" -> name.equals("'delay'") ? delay(value) : name + wrongType(rule, value);
                    case "not" ->
                        "conflicting keys: " + rule.path("description").asText();
                    case "minItems", "minProperties", "minLength" ->
                        value.isEmpty()
                                ? name + " is empty; " + remedyWhenEmpty(name)
                                : name + " has one entry; expected at least " + rule;
                    case "uniqueItems" -> name + " has a duplicate item; remove it";
                    case "pattern" -> delay(value);
                    case "minimum" -> name + " must be at least " + rule + ", not " + value;
                    case "maximum" -> name + " must be at most " + rule + ", not " + value;
                    default -> message.getMessage();
                };
        return file.place(at).problem(text);
    }

    private static String remedyWhenEmpty(String name) {
        return switch (name) {
            case "'cases'" -> "add at least one case";
            case "'name'", "'expect'" -> "add a value";
            default -> "add a value or remove it";
        };
    }

    private static String delay(JsonNode value) {
        return "'delay' must be a duration such as 50ms or 2s, at most 5s, not " + value.asText();
    }

    private static String name(YamlFile file, JsonPointer at) {
        if (at.matches()) {
            return "a test file";
        }
        return file.tree().at(at.head()).isArray()
                ? "an item of " + name(file, at.head())
                : "'" + at.last().getMatchingProperty() + "'";
    }

    /** The keys that a map accepts, from its schema, which encloses the rule. */
    private static List<String> keys(ValidationMessage message) {
        List<String> keys = new ArrayList<>();
        String location = message.getSchemaLocation().getFragment().toString();
        JsonNode map = SCHEMA.getSchemaNode().at(location.substring(0, location.lastIndexOf('/')));
        map.path("properties").fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static String wrongType(JsonNode wanted, JsonNode value) {
        List<String> types = new ArrayList<>();
        (wanted.isArray() ? wanted : List.of(wanted)).forEach(type -> types.add(named(type.asText())));
        boolean isUnquoted = types.contains("a string") && (value.isNumber() || value.isBoolean());
        return " must be " + String.join(" or ", types) + ", not " + type(value)
                + (isUnquoted ? "; put it in quotes" : "");
    }

    private static String type(JsonNode value) {
        return value.isNumber() || value.isBoolean()
                ? value.asText()
                : named(value.getNodeType().name().toLowerCase(Locale.ROOT));
    }

    private static String named(String type) {
        return switch (type) {
            case "object" -> "a map";
            case "array" -> "a list";
            case "string" -> "a string";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "null" -> "null";
            default -> type;
        };
    }
}
