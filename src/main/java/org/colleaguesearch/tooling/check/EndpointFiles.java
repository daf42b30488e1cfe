package org.colleaguesearch.tooling.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.util.StringHelper;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;
import org.springframework.core.io.Resource;

/** Each file that an endpoint works by is there, and an OpenAPI document has the operation that is called. */
record EndpointFiles(Path folder) implements Rule {
    private static final String API = "rest-openapi";
    private static final String LANGUAGE = "language";
    private static final String URI_OF_FILE = "resourceUri";

    /** By component, the option that has the file if the URI has none. */
    private static final Map<String, String> OPTIONS =
            Map.of("xslt", URI_OF_FILE, "validator", URI_OF_FILE, LANGUAGE, URI_OF_FILE, API, "specificationUri");

    /** Others are fetched when the route runs. */
    private static final Pattern HERE = Pattern.compile("(?:file:|classpath:|(?!\\w+:)).+");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return EndpointUri.in(routes)
                .flatMap(endpoint -> routes.problems(
                        endpoint.field().in(), endpoint.text(), uri -> problem(endpoint, uri).stream()));
    }

    /** What a URI names. Empty where it does not. */
    private record Named(String scheme, String file, String operation) {
        static Named of(String uri) {
            String path = StringHelper.before(uri, "?", uri);
            String scheme = StringHelper.before(path, ":", path);
            String rest = StringHelper.after(path, ":", "").replaceFirst("^//", "");
            String file = StringHelper.before(rest, "#", rest);
            String operation = StringHelper.after(rest, "#", "");
            return switch (scheme) {
                // The name of a language stands before the file.
                case LANGUAGE ->
                    new Named(scheme, StringHelper.after(rest, ":", "").replaceFirst("^resource:", ""), "");
                // Without #, the path is an operation's.
                case API -> operation.isEmpty() ? new Named(scheme, "", file) : new Named(scheme, file, operation);
                default -> new Named(scheme, file, "");
            };
        }

        /** Of a language, a program can stand in place of a file. */
        boolean isProgram() {
            return scheme.equals(LANGUAGE) && !file.matches("(?s)((file|classpath):.*)?");
        }
    }

    private Optional<Problem> problem(EndpointUri endpoint, Yaml.Text uri) {
        // An expression can have signs of a URI in it.
        Named named = Named.of(uri.text().replaceAll("\\$\\{[^}]*}", "\\${}"));
        if (!OPTIONS.containsKey(named.scheme()) || named.isProgram()) {
            return Optional.empty();
        }
        return part(uri, named.file())
                .or(() -> EndpointOption.value(endpoint.field(), uri, OPTIONS.get(named.scheme())))
                .filter(name -> HERE.matcher(name.text()).matches() && !EndpointOption.isOpen(name.text()))
                .flatMap(file -> problem(endpoint, uri, named, file));
    }

    private Optional<Problem> problem(EndpointUri endpoint, Yaml.Text uri, Named named, Yaml.Text file) {
        Resource resource = new NamedFiles(folder).resource(file.text());
        if (!resource.exists()) {
            return Optional.of(gone(file));
        }
        return named.scheme().equals(API) && !endpoint.isSource()
                ? part(uri, named.operation())
                        .or(() -> EndpointOption.value(endpoint.field(), uri, "operationId"))
                        .flatMap(id -> unknown(id, resource))
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

    private static Optional<Yaml.Text> part(Yaml.Text uri, String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new Yaml.Text(uri.place(), text, uri.isPlain()));
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
