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

/** Each {@code direct:} that is sent to has one route that begins there. */
final class DirectEndpoints implements Rule {
    private static final String DIRECT = "direct:";
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{[^}]*}|\\{\\{[^}]*}}");

    @Override
    public Stream<Problem> problems(Routes routes) {
        Map<String, Place> first = new HashMap<>();
        Map<String, Place> begun = begunAt(routes);
        Stream<Problem> several = begun(routes)
                .filter(from -> first.putIfAbsent(from.name(), from.filled()) != null)
                .map(from -> from.filled()
                        .problem("a second route begins at " + from.name() + ", the first is at "
                                + first.get(from.name()) + ": rename one"));
        return Stream.concat(several, routes.isWhole() ? nowhere(routes, begun) : Stream.of());
    }

    private static Stream<Problem> nowhere(Routes routes, Map<String, Place> begun) {
        return EndpointUri.in(routes)
                .filter(endpoint -> endpoint.isTarget() && isDirect(endpoint.text()))
                .filter(endpoint -> EndpointOption.value(endpoint.field(), endpoint.text(), "failIfNoConsumers")
                        .filter(fails -> fails.text().equals("false"))
                        .isEmpty())
                .flatMap(endpoint -> {
                    Yaml.Text written = endpoint.text();
                    List<Yaml.Text> uris =
                            routes.filled(endpoint.field().in(), written).toList();
                    List<Yaml.Text> lost = uris.stream()
                            .filter(uri -> begun.keySet().stream()
                                    .noneMatch(pattern(name(uri)).asMatchPredicate()))
                            .toList();
                    // What no route of a template finds is the template's fault; else it is that of what it fills in.
                    boolean isOfTemplate = lost.size() == uris.size();
                    return lost.stream()
                            .map(uri -> (isOfTemplate ? written : uri)
                                    .place()
                                    .problem("no route begins at " + name(uri) + remedy(name(uri), begun)));
                });
    }

    /** For the end of a message: the route that may have been meant. */
    static String remedy(String uri, Map<String, Place> begun) {
        return Nearest.meant(uri, begun.keySet())
                .map(near -> "; did you mean '" + near + "' of " + begun.get(near) + "?")
                .orElse(": add one");
    }

    /** All that routes begin at, and where the first one is written. */
    static Map<String, Place> begunAt(Routes routes) {
        return begun(routes).collect(Collectors.toMap(From::name, From::written, (first, second) -> first));
    }

    /** Where a route begins: where that is written, and where a template's argument fills it in. */
    private record From(String name, Place written, Place filled) {}

    private static Stream<From> begun(Routes routes) {
        return routes.declarations().stream()
                .flatMap(declaration -> declaration.from().flatMap(from -> from.text("uri")).stream()
                        .filter(DirectEndpoints::isDirect)
                        .flatMap(uri -> routes.filled(declaration, uri)
                                .map(filled -> new From(name(filled), uri.place(), filled.place()))));
    }

    private static boolean isDirect(Yaml.Text uri) {
        return uri.text().startsWith(DIRECT);
    }

    /** Without options. */
    private static String name(Yaml.Text uri) {
        return uri.text().replaceFirst("\\?(?![^${]*}).*", "");
    }

    /** A dynamic URI goes to any that fits around its expressions. */
    private static Pattern pattern(String uri) {
        return Pattern.compile(
                Stream.of(EXPRESSION.split(uri, -1)).map(Pattern::quote).collect(Collectors.joining(".+")));
    }
}
