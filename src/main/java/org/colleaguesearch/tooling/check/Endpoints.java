package org.colleaguesearch.tooling.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each endpoint is of a component that is there and fits its place, with options that it has, of values that they take. */
record Endpoints(KnownSettings settings) implements Rule {
    private static final String COMPONENT = "component";

    @Override
    public Stream<Problem> problems(Routes routes) {
        return EndpointUri.in(routes).flatMap(this::problems);
    }

    private Stream<Problem> problems(EndpointUri endpoint) {
        Yaml.Text uri = filled(endpoint.text());
        String text = uri.text();
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? text : text.substring(0, colon);
        // An interception has a pattern.
        if (uri.isMissing() || EndpointOption.isOpen(scheme) || endpoint.step().startsWith("intercept")) {
            return Stream.of();
        }
        return ClassPath.component(scheme)
                .map(component -> Stream.of(
                                misplaced(endpoint, component),
                                noTexts(endpoint.field()),
                                problems(uri, component, options(endpoint.field(), uri)).stream())
                        .flatMap(Function.identity()))
                .orElseGet(() -> Stream.of(uri.place()
                        .problem("there is no component '" + scheme + "' for " + text
                                + Nearest.remedy(scheme, ClassPath.names(COMPONENT)))));
    }

    private Yaml.Text filled(Yaml.Text text) {
        return new Yaml.Text(text.place(), settings.filled(text.text()), text.isPlain());
    }

    private List<EndpointOption> options(Declaration.Field field, Yaml.Text uri) {
        return EndpointOption.of(field, uri).stream()
                .map(option -> new EndpointOption(option.name(), filled(option.value())))
                .toList();
    }

    /** A component can be such that routes only begin at it, or only send to it. */
    private static Stream<Problem> misplaced(EndpointUri endpoint, JsonNode component) {
        String name = component.at("/component/scheme").asText();
        if (endpoint.isSource() && component.at("/component/producerOnly").asBoolean()) {
            return Stream.of(
                    endpoint.text().place().problem("nothing comes from " + name + ": it can only be sent to"));
        }
        return endpoint.isTarget() && component.at("/component/consumerOnly").asBoolean()
                ? Stream.of(endpoint.text()
                        .place()
                        .problem("nothing can be sent to " + name + ": routes can only begin there"))
                : Stream.of();
    }

    /** Options that are lists or have keys. */
    private static Stream<Problem> noTexts(Declaration.Field field) {
        return field.siblings().keys("parameters").stream()
                .flatMap(parameters -> parameters.entries().stream())
                .filter(entry -> !(entry.value() instanceof Yaml.Text))
                .map(entry -> entry.value()
                        .place()
                        .problem("the option '" + entry.key().text() + "' takes a text, a number or true or false"));
    }

    private static List<Problem> problems(Yaml.Text uri, JsonNode component, List<EndpointOption> options) {
        List<Problem> problems = new ArrayList<>();
        String scheme = component
                .at("/component/scheme")
                .asText(component.at("/component/name").asText());
        String path = uri.text()
                .substring(Math.min(uri.text().length(), scheme.length() + 1))
                .replaceFirst("\\?.*", "");
        if (path.isBlank() && isPathRequired(component, options)) {
            problems.add(uri.place()
                    .problem("'" + uri.text() + "' is not complete: it is written "
                            + component.at("/component/syntax").asText()));
        }
        Set<String> given = new HashSet<>();
        for (EndpointOption option : options) {
            String name = option.name().text();
            option.problem(component, scheme).ifPresent(problems::add);
            if (!given.add(name) && component.path("properties").has(name)) {
                problems.add(
                        option.name().place().problem("'" + name + "' of " + scheme + " is given twice: remove one"));
            }
        }
        return problems;
    }

    private static boolean isPathRequired(JsonNode component, List<EndpointOption> options) {
        return component.path("properties").properties().stream()
                .filter(property -> property.getValue().path("kind").asText().equals("path"))
                .filter(property -> property.getValue().path("required").asBoolean())
                .anyMatch(property -> options.stream()
                        .noneMatch(option -> option.name().text().equals(property.getKey())));
    }
}
