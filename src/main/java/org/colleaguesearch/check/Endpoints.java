package org.colleaguesearch.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Each endpoint is of a component that is there, with options that it has, of values that they take. */
final class Endpoints implements Rule {
    private static final Set<String> SHORT = Set.of("from", "to", "toD", "wireTap", "poll");
    private static final String COMPONENT = "component";

    @Override
    public Stream<Problem> problems(Routes routes) {
        return routes.fields()
                .filter(field -> !field.isOption() && field.value() instanceof Yaml.Text)
                .filter(field ->
                        field.isNamed("uri") || SHORT.contains(field.key().text()))
                .flatMap(Endpoints::problems);
    }

    private static Stream<Problem> problems(Declaration.Field field) {
        Yaml.Text uri = (Yaml.Text) field.value();
        String text = uri.text();
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? text : text.substring(0, colon);
        // An interception has a pattern.
        if (EndpointOption.isOpen(scheme) || text.contains("*") || field.owner().startsWith("intercept")) {
            return Stream.of();
        }
        return ClassPath.component(scheme)
                .map(component ->
                        Stream.concat(noTexts(field), problems(uri, component, EndpointOption.of(field, uri)).stream()))
                .orElseGet(() -> Stream.of(uri.place()
                        .problem("there is no component '" + scheme + "' for " + text
                                + Nearest.remedy(scheme, ClassPath.names(COMPONENT)))));
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
        options.forEach(option -> option.problem(component, scheme).ifPresent(problems::add));
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
