package org.colleaguesearch.routes.contract;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;

/** Camel's own schema of its YAML. */
final class Schema {
    private static final JsonSchema CAMEL = read();

    private Schema() {}

    static Stream<String> problems(RouteFiles files) {
        return files.files().stream()
                .flatMap(file -> CAMEL.validate(file.tree()).stream()
                        .map(message -> file.path() + " does not fit Camel's schema: " + message.getMessage()));
    }

    private static JsonSchema read() {
        try (InputStream schema =
                YamlRoutesBuilderLoader.class.getClassLoader().getResourceAsStream("schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
