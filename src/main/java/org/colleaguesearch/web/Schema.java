package org.colleaguesearch.web;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import java.util.List;
import org.colleaguesearch.web.ProblemException.Fault;

/** A schema of the contract. Made once; safe for any thread. */
record Schema(JsonSchema rules, String type) {
    /** What does not keep to it, and where, as JSON pointers after {@code field}. */
    List<Fault> faults(JsonNode value, String field) {
        return rules.validate(value).stream()
                .map(message -> fault(message, field))
                .distinct()
                .toList();
    }

    private static Fault fault(ValidationMessage message, String field) {
        String at = message.getInstanceLocation().toString();
        String text = message.getMessage();
        // A name that is missing or one too many is what is wrong, not the object around it.
        String property = message.getProperty() == null
                ? ""
                : JsonPointer.empty().appendProperty(message.getProperty()).toString();
        return new Fault(field + at + property, text.startsWith(at + ": ") ? text.substring(at.length() + 2) : text);
    }
}
