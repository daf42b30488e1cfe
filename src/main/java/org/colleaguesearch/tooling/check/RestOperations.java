package org.colleaguesearch.tooling.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;
import org.springframework.core.io.Resource;

/** Each OpenAPI document that a {@code rest} names is there, and each of its operations has a route at its id. */
record RestOperations(Path folder) implements Rule {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @Override
    public Stream<Problem> problems(Routes routes) {
        Map<String, Place> begun = DirectEndpoints.begunAt(routes);
        return routes.of(Declaration.REST)
                .flatMap(rest -> rest.value().keys("openApi").stream())
                .flatMap(api -> api.text("specification")
                        .map(specification -> problems(routes, api, specification, begun))
                        .orElse(Stream.of()));
    }

    private Stream<Problem> problems(Routes routes, Yaml.Keys api, Yaml.Text specification, Map<String, Place> begun) {
        Set<String> operations;
        try {
            operations = ids(new NamedFiles(folder).resource(specification.text()));
        } catch (IOException e) {
            return Stream.of(specification
                    .place()
                    .problem("there is no OpenAPI document " + specification.text() + ", or it cannot be read"));
        }
        boolean isToFail =
                api.text("missingOperation").map(Yaml.Text::text).orElse("fail").equals("fail");
        return operations.stream()
                .filter(id -> isToFail && routes.isWhole() && !begun.containsKey("direct:" + id))
                .map(id -> specification
                        .place()
                        .problem("no route begins at direct:" + id + ", for the operation of this id"
                                + DirectEndpoints.remedy("direct:" + id, begun)))
                .limit(1);
    }

    /**
     * The ids of all operations of a document, in its order.
     *
     * @throws IOException when it cannot be read
     */
    static Set<String> ids(Resource specification) throws IOException {
        try (var stream = specification.getInputStream()) {
            return new LinkedHashSet<>(YAML.readTree(stream).path("paths").findValuesAsText("operationId"));
        }
    }
}
