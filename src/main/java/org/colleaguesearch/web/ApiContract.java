package org.colleaguesearch.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.colleaguesearch.indexing.Searched;
import org.colleaguesearch.settings.Settings.Scope;
import org.colleaguesearch.web.ProblemException.Fault;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.util.unit.DataSize;
import org.springframework.web.util.pattern.PathPattern.PathMatchInfo;
import org.springframework.web.util.pattern.PathPatternParser;

/** The operations of the API, read once from its OpenAPI document. Thread-safe. */
final class ApiContract {
    static final String BASE_PATH = "/api";

    private static final String FILE = "openapi/colleague-search.yaml";
    private static final String LOCATION = "classpath:" + FILE + "#";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    /** The extension that limits the body size of an operation. */
    private static final String MAX_BODY = "x-max-body";

    /** Its value if the settings alone limit the body size. */
    private static final String MAX_BODY_OF_SETTINGS = "max-request-size";

    /** The extension of an operation whose request has filters that the indexers declare. */
    private static final String DECLARED = "x-declared-filters";

    private final JsonNode document;
    private final DeclaredNames declared;
    private final List<Operation> operations = new ArrayList<>();

    /** @param sections the sections that are searched */
    ApiContract(Supplier<List<Searched>> sections) {
        try (InputStream file = new ClassPathResource(FILE).getInputStream()) {
            document = new ObjectMapper(new YAMLFactory()).readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String filter = "/components/schemas/Filter";
        declared = new DeclaredNames(sections, Schema.at(LOCATION + filter, document.at(filter)));
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey())) {
                    operations.add(operation(path, operation));
                }
            }
        }
        // The most specific pattern first.
        operations.sort(Comparator.comparing(Operation::path));
    }

    /** The document as JSON, with the names that the indexers declare. */
    String json() {
        ObjectNode complete = document.deepCopy();
        declared.addTo(complete);
        return complete.toString();
    }

    /** The faults of the body of a request. */
    List<Fault> faults(Operation operation, JsonNode body) {
        List<Fault> faults = new ArrayList<>(operation.body().faults(body, ""));
        if (operation.hasDeclaredFilters()) {
            faults.addAll(declared.faults(body, document.at("/components/schemas/SearchFilters/properties")));
        }
        return faults;
    }

    List<Operation> operations() {
        return operations;
    }

    /** Finds the operation of a method and an encoded path. HEAD is treated as GET (RFC 9110, section 9.3.2). */
    MatchedOperation match(String method, String path) {
        PathContainer parsed = PathContainer.parsePath(path);
        Set<String> allowed = new TreeSet<>();
        for (Operation operation : operations) {
            PathMatchInfo match = operation.path().matchAndExtract(parsed);
            if (match != null) {
                if (operation.method().equals(method.equals("HEAD") ? "GET" : method)) {
                    return new MatchedOperation(operation, Set.of(), match.getUriVariables());
                }
                allowed.add(operation.method());
                if (operation.method().equals("GET")) {
                    allowed.add("HEAD");
                }
            }
        }
        return new MatchedOperation(null, allowed, Map.of());
    }

    private Operation operation(Map.Entry<String, JsonNode> path, Map.Entry<String, JsonNode> method) {
        JsonNode operation = method.getValue();
        String pointer = "/paths/" + path.getKey().replace("/", "~1");
        String own = pointer + "/" + method.getKey();
        List<Parameter> parameters = new ArrayList<>();
        addParameters(path.getValue(), pointer, parameters);
        addParameters(operation, own, parameters);
        JsonNode body = operation.at("/requestBody/content/application~1json/schema");
        return new Operation(
                operation.get("operationId").asText(),
                Scope.valueOf(operation.at("/tags/0").asText().toUpperCase(Locale.ROOT)),
                method.getKey().toUpperCase(Locale.ROOT),
                PathPatternParser.defaultInstance.parse(BASE_PATH + path.getKey()),
                List.copyOf(parameters),
                body.isMissingNode()
                        ? null
                        : Schema.at(LOCATION + own + "/requestBody/content/application~1json/schema", resolved(body)),
                operation.path(DECLARED).asBoolean(),
                maxBody(operation.path(MAX_BODY).asText("64KB")),
                answers(operation));
    }

    private void addParameters(JsonNode of, String pointer, List<Parameter> parameters) {
        for (int i = 0; i < of.path("parameters").size(); i++) {
            JsonNode node = of.get("parameters").get(i);
            String at = node.has("$ref") ? node.get("$ref").asText().substring(1) : pointer + "/parameters/" + i;
            JsonNode parameter = resolved(node);
            parameters.add(new Parameter(
                    parameter.get("name").asText(),
                    parameter.get("in").asText(),
                    parameter.path("required").asBoolean(),
                    Schema.at(LOCATION + at + "/schema", resolved(parameter.get("schema")))));
        }
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    private static long maxBody(String size) {
        return size.equals(MAX_BODY_OF_SETTINGS)
                ? Long.MAX_VALUE
                : DataSize.parse(size).toBytes();
    }

    private static List<MediaType> answers(JsonNode operation) {
        List<MediaType> answers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> response : operation.get("responses").properties()) {
            if (response.getKey().startsWith("2")) {
                response.getValue()
                        .path("content")
                        .fieldNames()
                        .forEachRemaining(type -> answers.add(MediaType.parseMediaType(type)));
            }
        }
        return List.copyOf(answers);
    }
}
