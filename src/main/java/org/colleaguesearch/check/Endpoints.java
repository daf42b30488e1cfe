package org.colleaguesearch.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Each endpoint is of a component that is there, with options that it has, of values that they take. */
final class Endpoints implements Rule {
    private static final Set<String> SHORT = Set.of("from", "to", "toD", "wireTap", "poll");
    private static final String COMPONENT = "component";

    /** What is known only when it runs. */
    private static final Pattern OPEN =
            Pattern.compile("\\{\\{.*}}|\\$\\{.*}|\\$simple\\{.*}|#.*|RAW\\(.*", Pattern.DOTALL);

    private static final Pattern WHOLE = Pattern.compile("-?\\d+");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Pattern DURATION =
            Pattern.compile("-?\\d+|(?i)(\\d+(\\.\\d+)?(ms|[smhd]|sec|min|hour|day)\\w* *)+");

    /** An option and where it is given. */
    private record Option(Yaml.Text name, Yaml.Text value) {}

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
        if (OPEN.matcher(scheme).find() || text.contains("*") || field.owner().startsWith("intercept")) {
            return Stream.of();
        }
        return ClassPath.component(scheme)
                .map(component -> Stream.concat(noTexts(field), problems(uri, component, options(field, uri)).stream()))
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

    private static List<Option> options(Declaration.Field field, Yaml.Text uri) {
        List<Option> options = new ArrayList<>();
        String query = uri.text().replaceAll("\\$\\{[^}]*}", "").replaceFirst("^[^?]*\\??", "");
        for (String part : query.split("&", -1)) {
            String[] pair = part.split("=", 2);
            if (pair.length == 2) {
                options.add(new Option(at(uri, pair[0]), at(uri, pair[1])));
            }
        }
        if (field.isNamed("uri")) {
            field.siblings().keys("parameters").stream()
                    .flatMap(parameters -> parameters.entries().stream())
                    .filter(entry -> entry.value() instanceof Yaml.Text)
                    .forEach(entry -> options.add(new Option(entry.key(), (Yaml.Text) entry.value())));
        }
        return options;
    }

    private static Yaml.Text at(Yaml.Text uri, String text) {
        return new Yaml.Text(uri.place(), text, false);
    }

    private static List<Problem> problems(Yaml.Text uri, JsonNode component, List<Option> options) {
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
        options.forEach(option -> check(option, component, scheme, problems));
        return problems;
    }

    private static boolean isPathRequired(JsonNode component, List<Option> options) {
        return component.path("properties").properties().stream()
                .filter(property -> property.getValue().path("kind").asText().equals("path"))
                .filter(property -> property.getValue().path("required").asBoolean())
                .anyMatch(property -> options.stream()
                        .noneMatch(option -> option.name().text().equals(property.getKey())));
    }

    private static void check(Option option, JsonNode component, String scheme, List<Problem> problems) {
        JsonNode known = component.path("properties").path(option.name().text());
        if (known.isMissingNode()) {
            unknown(option.name(), component, scheme).ifPresent(problems::add);
        } else if (option.value().isMissing()) {
            problems.add(option.name()
                    .place()
                    .problem("'" + option.name().text() + "' has no value: give it one, or remove it"));
        } else {
            String wrong = wrong(option.value().text(), known);
            if (wrong != null) {
                problems.add(option.value()
                        .place()
                        .problem("'" + option.name().text() + "' of " + scheme + " takes " + wrong));
            }
        }
    }

    private static Optional<Problem> unknown(Yaml.Text name, JsonNode component, String scheme) {
        Set<String> known = new TreeSet<>();
        for (var property : component.path("properties").properties()) {
            String prefix = property.getValue().path("prefix").asText("");
            if (!prefix.isEmpty() && name.text().startsWith(prefix)) {
                return Optional.empty();
            }
            known.add(property.getKey());
            if (!prefix.isEmpty()) {
                known.add(prefix);
            }
        }
        // A lenient component hands on what it does not know, to the server that it calls say.
        boolean isHandedOn = component.at("/component/lenientProperties").asBoolean()
                && Nearest.meant(name.text(), known).isEmpty();
        return isHandedOn
                ? Optional.empty()
                : Optional.of(name.place()
                        .problem("unknown option '" + name.text() + "' of " + scheme
                                + Nearest.remedy(name.text(), known)));
    }

    /** What an option takes, if a value is none of it. */
    private static String wrong(String value, JsonNode option) {
        if (OPEN.matcher(value).find()) {
            return null;
        }
        String not = ", not '" + value + "'";
        return switch (option.path("type").asText()) {
            case "boolean" -> value.matches("true|false") ? null : "true or false" + not;
            case "integer" -> WHOLE.matcher(value).matches() ? null : "a whole number" + not;
            case "number" -> NUMBER.matcher(value).matches() ? null : "a number" + not;
            case "duration" -> DURATION.matcher(value).matches() ? null : "a duration such as 500 or 5s" + not;
            case "enum" -> oneOf(value, option.path("enum"));
            default -> null;
        };
    }

    private static String oneOf(String value, JsonNode values) {
        Set<String> known = new TreeSet<>();
        values.forEach(one -> known.add(one.asText()));
        return known.stream().anyMatch(value::equalsIgnoreCase)
                ? null
                : "no '" + value + "'" + Nearest.remedy(value, known);
    }
}
