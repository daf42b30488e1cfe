package org.colleaguesearch.tooling.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each {@code direct:} endpoint has exactly one consumer. */
final class DirectEndpoints implements Rule {
    private static final String DIRECT = "direct:";
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{[^}]*}|\\{\\{[^}]*}}");

    @Override
    public Stream<Problem> problems(Routes routes) {
        Map<String, Place> first = new HashMap<>();
        Map<String, Place> consumed = begunAt(routes);
        Stream<Problem> duplicates = consumers(routes)
                .filter(from -> first.putIfAbsent(from.name(), from.filled()) != null)
                .map(from -> from.filled()
                        .problem("duplicate consumer of " + from.name() + ", first at " + first.get(from.name())
                                + ": rename one"));
        return Stream.concat(duplicates, routes.hasAllRoutes() ? unconsumed(routes, consumed) : Stream.of());
    }

    private static Stream<Problem> unconsumed(Routes routes, Map<String, Place> consumed) {
        return EndpointUri.in(routes)
                .filter(endpoint -> endpoint.isTarget() && isDirect(endpoint.text()))
                .filter(endpoint -> EndpointOption.value(endpoint.field(), endpoint.text(), "failIfNoConsumers")
                        .filter(fails -> fails.text().equals("false"))
                        .isEmpty())
                .flatMap(endpoint -> {
                    Yaml.Text written = endpoint.text();
                    List<Yaml.Text> uris =
                            routes.filled(endpoint.field().in(), written).toList();
                    List<Yaml.Text> unmatched = uris.stream()
                            .filter(uri -> consumed.keySet().stream()
                                    .noneMatch(pattern(name(uri)).asMatchPredicate()))
                            .toList();
                    // If it is unmatched for every route of a template, the template is wrong, otherwise the argument.
                    boolean isOfTemplate = unmatched.size() == uris.size();
                    return unmatched.stream()
                            .map(uri -> (isOfTemplate ? written : uri)
                                    .place()
                                    .problem("no route consumes " + name(uri) + remedy(name(uri), consumed)));
                });
    }

    /** The end of a message: the nearest endpoint, or to add one. */
    static String remedy(String uri, Map<String, Place> consumed) {
        return Nearest.meant(uri, consumed.keySet())
                .map(near -> "; did you mean '" + near + "' at " + consumed.get(near) + "?")
                .orElse(": add one");
    }

    /** The endpoints that routes consume, with the place of the first consumer. */
    static Map<String, Place> begunAt(Routes routes) {
        return consumers(routes).collect(Collectors.toMap(From::name, From::written, (first, second) -> first));
    }

    /** The endpoint that a route consumes: where it is written, and where a template's argument fills it in. */
    private record From(String name, Place written, Place filled) {}

    private static Stream<From> consumers(Routes routes) {
        return routes.declarations().stream()
                .flatMap(declaration -> declaration.from().flatMap(from -> from.text("uri")).stream()
                        .filter(DirectEndpoints::isDirect)
                        .flatMap(uri -> routes.filled(declaration, uri)
                                .map(filled -> new From(name(filled), uri.place(), filled.place()))));
    }

    private static boolean isDirect(Yaml.Text uri) {
        return uri.text().startsWith(DIRECT);
    }

    /** The URI without options. */
    private static String name(Yaml.Text uri) {
        return uri.text().replaceFirst("\\?(?![^${]*}).*", "");
    }

    /** A dynamic URI matches any endpoint that fits around its expressions. */
    private static Pattern pattern(String uri) {
        return Pattern.compile(
                Stream.of(EXPRESSION.split(uri, -1)).map(Pattern::quote).collect(Collectors.joining(".+")));
    }
}
