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

/** Each file that an endpoint or a rest works by exists, and an OpenAPI document has the operations that are named. */
record EndpointFiles(Path folder) implements Rule {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** By component, the option that names the file if the path does not. */
    private static final Map<String, String> OPTIONS = Map.of(
            "xslt",
            "resourceUri",
            "validator",
            "resourceUri",
            "language",
            "resourceUri",
            "rest-openapi",
            "specificationUri");

    /** Component, file and operation. The name of a language precedes its file, which can be a program instead. */
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
        // An expression can have signs of a URI in it.
        Matcher named = URI.matcher(uri.text().replaceAll("\\$\\{[^}]*}", "\\${}"));
        if (!named.matches()) {
            return Optional.empty();
        }
        String scheme = named.group(1);
        boolean isApi = scheme.equals("rest-openapi");
        // Without #, the path of rest-openapi is an operation.
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

    /** Others are fetched when the route runs, or are known only then. */
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
                .problem("there is no " + name.text() + (name.text().startsWith("file:") ? "" : " on the class path")
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
                            .problem("the OpenAPI document has no operation " + id.text()
                                    + Nearest.remedy(id.text(), known)));
        } catch (IOException e) {
            return Optional.of(id.place().problem("the OpenAPI document is invalid: write it in YAML or JSON"));
        }
    }

    /** The first operation of a rest that no route serves. */
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
                            .problem("no route begins at " + uri + ", for the operation of this id"
                                    + DirectEndpoints.remedy(uri, served)));
        } catch (IOException e) {
            return Stream.of(
                    specification.place().problem("there is no valid OpenAPI document " + specification.text()));
        }
    }

    /** The ids of all operations of a document, in its order. */
    private static Set<String> operations(Resource document) throws IOException {
        try (var stream = document.getInputStream()) {
            return new LinkedHashSet<>(YAML.readTree(stream).path("paths").findValuesAsText("operationId"));
        }
    }
}
