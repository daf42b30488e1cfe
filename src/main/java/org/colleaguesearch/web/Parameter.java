package org.colleaguesearch.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.web.ProblemException.Fault;

/**
 * A parameter of an operation.
 *
 * @param in {@code path}, {@code query} or {@code header}
 */
record Parameter(String name, String in, boolean required, Schema schema) {
    /** The faults of a value; the value is null if missing. */
    Stream<Fault> faults(String value) {
        if (value == null) {
            return required ? Stream.of(new Fault(name, "required")) : Stream.empty();
        }
        if (Texts.areBad(value)) {
            return Stream.of(new Fault(name, Texts.BAD));
        }
        return schema.faults(typed(value), "").stream().map(fault -> new Fault(name, fault.detail()));
    }

    /** Converts a value to the schema's type if possible; otherwise returns text, which the schema refuses. */
    private JsonNode typed(String value) {
        if (schema.type().equals("integer") && value.matches("-?\\d{1,18}")) {
            return LongNode.valueOf(Long.parseLong(value));
        }
        if (schema.type().equals("boolean") && List.of("true", "false").contains(value)) {
            return BooleanNode.valueOf(Boolean.parseBoolean(value));
        }
        return TextNode.valueOf(value);
    }
}
