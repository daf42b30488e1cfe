package org.colleaguesearch.web;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi30;
import com.networknt.schema.regex.RegularExpression;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.colleaguesearch.web.ProblemException.Fault;

/** A schema of the contract, with OpenAPI's own keywords such as {@code nullable}. Initialized once, then thread-safe. */
record Schema(JsonSchema rules, String type) {
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ENGLISH)
            .regularExpressionFactory(Schema::regularExpression)
            .build();

    private static final JsonMetaSchema KEYWORDS = JsonMetaSchema.builder(OpenApi30.getInstance())
            .keyword(BoundedItems.KEYWORD)
            .build();

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
            VersionFlag.V7, builder -> builder.metaSchema(KEYWORDS).defaultMetaSchemaIri(KEYWORDS.getIri()));

    /** The schema of a node, at a location such as {@code classpath:openapi/x.yaml#/a/b}. */
    static Schema at(String location, JsonNode node) {
        JsonSchema rules = FACTORY.getSchema(SchemaLocation.of(location), CONFIG);
        rules.initializeValidators();
        return new Schema(rules, node.path("type").asText());
    }

    /** Makes {@code $} match only at the very end: in Java it also matches before a final line feed. */
    private static RegularExpression regularExpression(String expression) {
        Pattern pattern = Pattern.compile(expression.replaceFirst("(?<!\\\\)\\$$", "\\\\z"));
        return text -> pattern.matcher(text).find();
    }

    /** The faults of a value, each with its JSON pointer after {@code field}. */
    List<Fault> faults(JsonNode value, String field) {
        return rules.validate(value).stream()
                .map(message -> fault(message, field))
                .distinct()
                .toList();
    }

    private static Fault fault(ValidationMessage message, String field) {
        String at = message.getInstanceLocation().toString();
        String text = message.getMessage();
        // Points at the missing or unknown field, not at its object.
        String property = message.getProperty() == null
                ? ""
                : JsonPointer.empty().appendProperty(message.getProperty()).toString();
        return new Fault(field + at + property, text.startsWith(at + ": ") ? text.substring(at.length() + 2) : text);
    }
}
