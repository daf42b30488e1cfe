package org.colleaguesearch.testing;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
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
import org.colleaguesearch.check.Nearest;

/** The form of a test file: that of {@code schema/route-test.json}, which editors go by, too. Safe for any thread. */
final class Format {
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V7)
            .getSchema(
                    SchemaLocation.of("classpath:schema/route-test.json"),
                    SchemaValidatorsConfig.builder()
                            .pathType(PathType.JSON_POINTER)
                            .locale(Locale.ENGLISH)
                            .build());

    private Format() {}

    /** What is wrong with a file, a line a problem. */
    static List<String> problems(YamlFile file) {
        return SCHEMA.validate(file.tree()).stream()
                .map(message -> problem(file, message))
                .distinct()
                .toList();
    }

    private static String problem(YamlFile file, ValidationMessage message) {
        JsonPointer at = JsonPointer.compile(message.getInstanceLocation().toString());
        JsonNode value = file.tree().at(at);
        String name = at.matches() ? "a test file" : at.last().getMatchingProperty();
        String text =
                switch (message.getType()) {
                    case "additionalProperties" -> {
                        at = at.appendProperty(message.getProperty());
                        yield "unknown key '" + message.getProperty() + "'"
                                + Nearest.remedy(message.getProperty(), keys(message));
                    }
                    case "required" -> "'" + message.getProperty() + "' is missing here: add it";
                    case "dependencies" ->
                        "'message' is the message of what 'fails' names: add 'fails', or leave it out";
                    case "type" -> name + " must be " + types(message.getSchemaNode()) + ", and is " + type(value);
                    case "not" ->
                        "'body', 'body-file' and 'fails' exclude each other, and 'fails' also 'status' and"
                                + " 'headers': give one of them";
                    case "minItems", "minProperties", "minLength" -> name + " is empty: say something, or leave it out";
                    case "pattern" -> name + " must be like 50ms or 2s, at most 5s, and is " + value.asText();
                    case "minimum", "maximum" ->
                        name + " is out of range: " + message.getMessage().replaceFirst("^[^:]*: ", "");
                    default -> message.getMessage();
                };
        return file.place(at) + ": " + text;
    }

    /** What a map can have: by the schema of the map, which is around the rule. */
    private static List<String> keys(ValidationMessage message) {
        List<String> keys = new ArrayList<>();
        String location = message.getSchemaLocation().getFragment().toString();
        JsonNode map = SCHEMA.getSchemaNode().at(location.substring(0, location.lastIndexOf('/')));
        map.path("properties").fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static String types(JsonNode type) {
        List<String> names = new ArrayList<>();
        if (type.isArray()) {
            type.forEach(each -> names.add(named(each.asText())));
        } else {
            names.add(named(type.asText()));
        }
        return String.join(" or ", names);
    }

    private static String type(JsonNode value) {
        return named(value.getNodeType().name().toLowerCase(Locale.ROOT));
    }

    private static String named(String type) {
        return switch (type) {
            case "object" -> "a map";
            case "array" -> "a list";
            case "string" -> "a text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "null" -> "nothing";
            default -> type;
        };
    }
}
