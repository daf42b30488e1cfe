package org.colleaguesearch.tooling.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;
import org.springframework.core.io.Resource;

/** Files that endpoints or {@code rest} name exist, and OpenAPI documents have the operations that endpoints name. */
record EndpointFiles(Path folder) implements Rule {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** By component: the option that names the file if the path does not. */
    private static final Map<String, String> OPTIONS = Map.of(
            "xslt",
            "resourceUri",
            "validator",
            "resourceUri",
            "language",
            "resourceUri",
            "rest-openapi",
            "specificationUri");

    /** Component, file and operation. A language URI has the language before the file, or a program instead of it. */
    private static final Pattern URI = Pattern.compile(
            "(xslt|validator|rest-openapi|language)(?::(?://)?(?:(?<=language:)\\w+:?(?:resource:)?)?([^?#]*))?(?:#([^?]*))?"
                    + "(?:\\?.*)?",
            Pattern.DOTALL);

    @Override
    public Stream<Problem> problems(Routes routes) {
        return Stream.concat(
                EndpointUri.in(routes)
                        .flatMap(endpoint -> routes.problems(
                                endpoint.field().in(), endpoint.text(), uri -> problem(endpoint, uri).stream())),
                routes.of(Declaration.REST)
                        .flatMap(rest -> rest.value().keys("openApi").stream())
                        .flatMap(api -> api.text("specification").stream()
                                .flatMap(specification -> unserved(routes, api, specification))));
    }

    private Optional<Problem> problem(EndpointUri endpoint, Yaml.Text uri) {
        // An expression can contain the delimiters of a URI.
        Matcher named = URI.matcher(uri.text().replaceAll("\\$\\{[^}]*}", "\\${}"));
        if (!named.matches()) {
            return Optional.empty();
        }
        String scheme = named.group(1);
        boolean isApi = scheme.equals("rest-openapi");
        // Without #, the path of a rest-openapi URI is an operation.
        String path = isApi && named.group(3) == null
                ? ""
                : Optional.ofNullable(named.group(2)).orElse("");
        String operation = isApi && path.isEmpty() ? named.group(2) : named.group(3);
        return at(uri, path)
                .or(() -> EndpointOption.value(endpoint.field(), uri, OPTIONS.get(scheme)))
                .filter(file -> isHere(file.text(), scheme))
                .flatMap(file -> {
                    Resource resource = new NamedFiles(folder).resource(file.text());
                    if (!resource.exists()) {
                        return Optional.of(missing(file));
                    }
                    return isApi && !endpoint.isSource()
                            ? at(uri, operation)
                                    .or(() -> EndpointOption.value(endpoint.field(), uri, "operationId"))
                                    .flatMap(id -> unknown(id, resource))
                            : Optional.empty();
                });
    }

    /** Whether the file is local. Others are fetched, or known, only when the route runs. */
    private static boolean isHere(String file, String scheme) {
        return !EndpointOption.isOpen(file)
                && file.matches(
                        scheme.equals("language") ? "(?:file|classpath):.+" : "(?:file:|classpath:|(?!\\w+:)).+");
    }

    private static Optional<Yaml.Text> at(Yaml.Text uri, String text) {
        return text == null || text.isEmpty()
                ? Optional.empty()
                : Optional.of(new Yaml.Text(uri.place(), text, uri.isPlain()));
    }

    private static Problem missing(Yaml.Text name) {
        return name.place()
                .problem(name.text()
                        + (name.text().startsWith("file:") ? " does not exist" : " is not on the class path")
                        + ": add it, or name another, such as file:routes/"
                        + NamedFiles.name(name.text().replaceFirst("^\\w+:", ""))
                                .getFileName());
    }

    private static Optional<Problem> unknown(Yaml.Text id, Resource document) {
        try {
            Set<String> known = operations(document);
            return known.contains(id.text()) || EndpointOption.isOpen(id.text())
                    ? Optional.empty()
                    : Optional.of(id.place()
                            .problem("unknown operation '" + id.text() + "' of the OpenAPI document"
                                    + Nearest.remedy(id.text(), known)));
        } catch (IOException e) {
            return Optional.of(id.place().problem("the OpenAPI document is invalid: write it in YAML or JSON"));
        }
    }

    /** The first operation of a {@code rest} without a route. */
    private Stream<Problem> unserved(Routes routes, Yaml.Keys api, Yaml.Text specification) {
        Map<String, Place> served = DirectEndpoints.begunAt(routes);
        boolean isAllowed = api.text("missingOperation").stream()
                .anyMatch(missing -> !missing.text().equals("fail"));
        try {
            return operations(new NamedFiles(folder).resource(specification.text())).stream()
                    .map(id -> "direct:" + id)
                    .filter(uri -> !isAllowed && routes.isWhole() && !served.containsKey(uri))
                    .limit(1)
                    .map(uri -> specification
                            .place()
                            .problem("no route consumes " + uri + ", the endpoint of this operation"
                                    + DirectEndpoints.remedy(uri, served)));
        } catch (IOException e) {
            return Stream.of(specification
                    .place()
                    .problem("missing or invalid OpenAPI document " + specification.text()
                            + ": write it in YAML or JSON"));
        }
    }

    /** The ids of all operations of a document, in document order. */
    private static Set<String> operations(Resource document) throws IOException {
        try (var stream = document.getInputStream()) {
            return new LinkedHashSet<>(YAML.readTree(stream).path("paths").findValuesAsText("operationId"));
        }
    }
}
