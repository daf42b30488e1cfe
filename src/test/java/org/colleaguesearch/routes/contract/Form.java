package org.colleaguesearch.routes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.routes.contract.ShippedFile.Field;

/** The canonical form of YAML: endpoints as {@code uri:} with their options under {@code parameters:}. */
final class Form {
    private static final Set<String> ENDPOINTS = Set.of("from", "to", "toD", "wireTap", "poll");

    private Form() {}

    static Stream<String> problems(RouteFiles files) {
        return files.fields().flatMap(Form::problems);
    }

    private static Stream<String> problems(Field field) {
        String where = field.in().file().path() + ": " + field.in().name() + ": ";
        JsonNode value = field.value();
        if (ENDPOINTS.contains(field.name()) && value.isTextual()) {
            return Stream.of(where + "'" + field.name() + ": " + value.asText() + "' is to be written with 'uri:'");
        }
        // In an expression of a dynamic URI, ${a ? b : c} is no query.
        if (field.name().equals("uri")
                && value.asText().replaceAll("\\$\\{[^}]*}", "").contains("?")) {
            return Stream.of(where + "the options of " + value.asText() + " belong under 'parameters:'");
        }
        return Stream.of();
    }
}
