package org.colleaguesearch.routes.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The schema that editors check route files by, {@code schema/routes.json}, beside Camel's own, which the build puts there. */
class RouteSchemaTest {
    private static final Path FILE = Path.of("schema/routes.json");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(SchemaLocation.of(FILE.toUri().toString()));

    @Test
    void knowsTheParametersOfTheTemplateAsTheyAre() throws IOException {
        JsonNode template = template("index-chunk");
        JsonNode parameters = schema().at("/definitions/index-chunk/properties/parameters");
        Map<String, String> described = new LinkedHashMap<>();
        parameters
                .at("/items/properties/name/oneOf")
                .forEach(each -> described.put(
                        each.path("const").asText(), each.path("description").asText()));

        Map<String, String> declared = new LinkedHashMap<>();
        template.path("parameters")
                .forEach(each -> declared.put(
                        each.path("name").asText(), each.path("description").asText()));
        assertThat(described).containsExactlyEntriesOf(declared);
        assertThat(stream(parameters.path("allOf"))
                        .map(each -> each.at("/contains/properties/name/const").asText()))
                .containsExactlyElementsOf(stream(template.path("parameters"))
                        .filter(each -> !each.has("defaultValue"))
                        .map(each -> each.path("name").asText())
                        .toList());
    }

    @Test
    void knowsAllTemplates() throws IOException {
        Map<String, String> templates = new LinkedHashMap<>();
        RouteFiles.in(Path.of("routes"))
                .declarations("routeTemplate")
                // No file names the others: the application makes a route from each for every indexer.
                .filter(template -> template.text("id").equals("index-chunk"))
                .forEach(template -> templates.put(template.text("id"), template.text("description")));

        assertThat(templates).isNotEmpty();
        assertThat(stream(schema().at("/items/properties/templatedRoute/properties/routeTemplateRef/anyOf"))
                        .filter(each -> each.has("const")))
                .allSatisfy(each -> assertThat(templates)
                        .containsEntry(
                                each.path("const").asText(),
                                each.path("description").asText()))
                .hasSameSizeAs(templates.keySet());
    }

    @Test
    void everyRouteFileFits() {
        assertThat(RouteFiles.in(Path.of("routes")).files())
                .hasSizeGreaterThan(10)
                .allSatisfy(file -> assertThat(SCHEMA.validate(file.tree()))
                        .as(file.path().toString())
                        .isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: columns|name: colums",
                "routeTemplateRef: index-chunk|routeTemplateRf: index-chunk",
                "routeId: index-patents|routeId: patents",
                "routeId: index-patents|prefixId: x",
                "value: patents|value: id",
                "value: patents|value: a/b",
                "value: patents|value: [patents]",
                "value: /people/{id}/patents|value: people",
                "value: .patents|value: ''",
                "name: pool|name: stopOnFirstError",
                "name: section|name: url",
                "- templatedRoute:|- templatedRout:",
            })
    void refusesSlip(String right, String slip) throws IOException {
        String file = Files.readString(Path.of("routes/indexers/patents.camel.yaml"));
        assertThat(file).contains(right);

        assertThat(problems(file.replaceFirst(Pattern.quote(right), slip))).isNotEmpty();
    }

    @Test
    void refusesStepThatCamelDoesNotKnow() throws IOException {
        assertThat(problems("""
                        - route:
                            id: a
                            from:
                              uri: direct:a
                              steps:
                                - setBdy:
                                    constant: x
                        """)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"stopOnFirstError, true", "next, .meta.next", "pool, fetch"})
    void takesEachParameterThatMayBeLeftOut(String name, String value) throws IOException {
        assertThat(problems("""
                        - templatedRoute:
                            routeId: index-works
                            routeTemplateRef: index-chunk
                            parameters:
                              - name: indexer
                                value: works
                              - name: url
                                value: /works?author={id}
                              - name: section
                                value: "[.results[].work]"
                              - name: columns
                                value: title,year
                              - name: %s
                                value: "%s"
                        """.formatted(name, value))).isEmpty();
    }

    @Test
    void leavesOtherTemplatesAlone() throws IOException {
        assertThat(problems("""
                        - templatedRoute:
                            routeId: mine
                            routeTemplateRef: my-template
                            parameters:
                              - name: anything
                                value: goes
                        """)).isEmpty();
    }

    private static List<String> problems(String yaml) throws IOException {
        return SCHEMA.validate(YAML.readTree(yaml)).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    private static JsonNode schema() throws IOException {
        return new ObjectMapper().readTree(FILE.toFile());
    }

    private static JsonNode template(String name) throws IOException {
        return YAML.readTree(Path.of("routes/index", name + ".camel.yaml").toFile())
                .get(0)
                .path("routeTemplate");
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
