package org.colleaguesearch.routes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.colleaguesearch.routes.contract.ShippedFile.Declaration;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;

/** The operations of the OpenAPI documents that {@code rest} declarations name: each is sent to the route of its id. */
final class RestOperations {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private RestOperations() {}

    static Stream<String> of(RouteFiles files) {
        return files.declarations("rest")
                .map(RestOperations::specification)
                .filter(Resource::exists)
                .flatMap(RestOperations::ids);
    }

    /** The ids of all operations of a document. */
    private static Stream<String> ids(Resource specification) {
        try {
            JsonNode paths = YAML.readTree(specification.getInputStream()).path("paths");
            return paths.findValuesAsText("operationId").stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Resource specification(Declaration rest) {
        return new DefaultResourceLoader().getResource(location(rest));
    }

    private static String location(Declaration rest) {
        return rest.value().at("/openApi/specification").asText();
    }
}
