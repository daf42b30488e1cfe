package org.colleaguesearch.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.yaml.Nearest;
import org.colleaguesearch.yaml.Problem;
import org.colleaguesearch.yaml.Yaml;
import org.springframework.core.io.Resource;

/** Each file that an endpoint works by is there, and an OpenAPI document has the operation that is called. */
record EndpointFiles(Path folder) implements Rule {
    private static final String API = "rest-openapi";
    private static final String URI_OF_FILE = "resourceUri";

    /** By component, the option that has the file if the URI has none. */
    private static final Map<String, String> OPTIONS =
            Map.of("xslt", URI_OF_FILE, "validator", URI_OF_FILE, "language", URI_OF_FILE, API, "specificationUri");

    /** Of language, the name of one stands before the file. */
    private static final Pattern URI = Pattern.compile(
            "([\\w-]+):?(?:(?<=language:)\\w+:(?:resource:)?)?([^?#]*)(?:#([^?]*))?(?:\\?.*)?", Pattern.DOTALL);

    private static final Pattern SCRIPT =
            Pattern.compile("language:(?!\\w+:(?:resource:)?(?:file|classpath):).*", Pattern.DOTALL);

    /** Others are fetched when the route runs. */
    private static final Pattern HERE = Pattern.compile("(?:file:|classpath:|(?!\\w+:)).+");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return EndpointUri.in(routes)
                .flatMap(endpoint -> routes.problems(
                        endpoint.field().in(), endpoint.text(), uri -> problem(endpoint, uri).stream()));
    }

    private Optional<Problem> problem(EndpointUri endpoint, Yaml.Text uri) {
        Matcher parts = URI.matcher(uri.text());
        if (!parts.matches()
                || !OPTIONS.containsKey(parts.group(1))
                || SCRIPT.matcher(uri.text()).matches()) {
            return Optional.empty();
        }
        boolean isApi = parts.group(1).equals(API);
        // Without #, the path is an operation's.
        boolean hasFile = !parts.group(2).isEmpty() && !(isApi && parts.group(3) == null);
        Yaml.Text file = (hasFile
                        ? part(uri, parts.group(2))
                        : option(endpoint.field(), uri, OPTIONS.get(parts.group(1))))
                .filter(name -> HERE.matcher(name.text()).matches() && !EndpointOption.isOpen(name.text()))
                .orElse(null);
        if (file == null) {
            return Optional.empty();
        }
        Resource resource = new NamedFiles(folder).resource(file.text());
        if (!resource.exists()) {
            return Optional.of(gone(file));
        }
        return isApi && !endpoint.isSource()
                ? operation(endpoint.field(), uri, parts).flatMap(id -> unknown(id, resource))
                : Optional.empty();
    }

    private static Problem gone(Yaml.Text name) {
        return name.place()
                .problem("there is no " + name.text()
                        + (name.text().startsWith("file:") ? "" : " on the class path")
                        + ": put it there, or name another, such as file:routes/"
                        + NamedFiles.name(name.text().replaceFirst("^\\w+:", ""))
                                .getFileName());
    }

    private static Optional<Yaml.Text> operation(Declaration.Field field, Yaml.Text uri, Matcher parts) {
        String id = parts.group(3) == null ? parts.group(2) : parts.group(3);
        return id.isEmpty() ? option(field, uri, "operationId") : part(uri, id);
    }

    private static Optional<Yaml.Text> part(Yaml.Text uri, String text) {
        return Optional.of(new Yaml.Text(uri.place(), text, uri.isPlain()));
    }

    private static Optional<Yaml.Text> option(Declaration.Field field, Yaml.Text uri, String name) {
        return EndpointOption.of(field, uri).stream()
                .filter(option -> option.name().text().equals(name))
                .map(EndpointOption::value)
                .findFirst();
    }

    private static Optional<Problem> unknown(Yaml.Text id, Resource document) {
        try {
            Set<String> known = RestOperations.ids(document);
            return known.contains(id.text()) || EndpointOption.isOpen(id.text())
                    ? Optional.empty()
                    : Optional.of(id.place()
                            .problem("the OpenAPI document has no operation " + id.text()
                                    + Nearest.remedy(id.text(), known)));
        } catch (IOException e) {
            return Optional.of(id.place().problem("the OpenAPI document cannot be read: write it in YAML or JSON"));
        }
    }
}
