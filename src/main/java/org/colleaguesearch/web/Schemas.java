package org.colleaguesearch.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.oas.OpenApi30;
import com.networknt.schema.regex.RegularExpression;
import java.util.Locale;
import java.util.regex.Pattern;

/** Makes validators of the schemas in an OpenAPI document, with OpenAPI's own words such as {@code nullable}. */
final class Schemas {
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ENGLISH)
            .regularExpressionFactory(Schemas::regularExpression)
            .build();

    private static final JsonMetaSchema WORDS = JsonMetaSchema.builder(OpenApi30.getInstance())
            // One more than are told, so that it is known that there are more.
            .keyword(new BoundedItems(ProblemException.MOST_FAULTS + 1))
            .build();

    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(
            VersionFlag.V7, builder -> builder.metaSchema(WORDS).defaultMetaSchemaIri(WORDS.getIri()));
    private final String location;

    /** Of the document at a location such as {@code classpath:openapi/x.yaml}. */
    Schemas(String location) {
        this.location = location;
    }

    /** The schema at a JSON pointer, whose node this is. */
    Schema at(String pointer, JsonNode node) {
        JsonSchema rules = factory.getSchema(SchemaLocation.of(location + "#" + pointer), CONFIG);
        rules.initializeValidators();
        return new Schema(rules, node.path("type").asText());
    }

    /** {@code $} is the end, and not also what is before a last line feed, as Java has it. */
    private static RegularExpression regularExpression(String expression) {
        Pattern pattern = Pattern.compile(expression.replaceFirst("(?<!\\\\)\\$$", "\\\\z"));
        return text -> pattern.matcher(text).find();
    }
}
