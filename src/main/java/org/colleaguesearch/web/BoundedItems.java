package org.colleaguesearch.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.AbstractKeyword;
import com.networknt.schema.BaseJsonValidator;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonValidator;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.ValidationContext;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.ValidatorTypeCode;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * {@code items} of a schema that stops at the first faults of an array: the library's own makes a message of some 600
 * bytes for each of a million wrong items. Stateless.
 */
final class BoundedItems extends AbstractKeyword {
    private final int most;

    /** With how many messages of an array are enough. */
    BoundedItems(int most) {
        super(ValidatorTypeCode.ITEMS.getValue());
        this.most = most;
    }

    @Override
    public JsonValidator newValidator(
            SchemaLocation location,
            JsonNodePath path,
            JsonNode node,
            JsonSchema parent,
            ValidationContext validation) {
        return new Validator(location, path, node, parent, validation);
    }

    private final class Validator extends BaseJsonValidator {
        private final JsonSchema item;

        Validator(
                SchemaLocation location,
                JsonNodePath path,
                JsonNode node,
                JsonSchema parent,
                ValidationContext validation) {
            super(location, path, node, parent, ValidatorTypeCode.ITEMS, validation);
            item = validation.newSchema(location, path, node, parent);
        }

        @Override
        public Set<ValidationMessage> validate(
                ExecutionContext execution, JsonNode node, JsonNode root, JsonNodePath at) {
            Set<ValidationMessage> found = new LinkedHashSet<>();
            for (int i = 0; node.isArray() && i < node.size() && found.size() < most; i++) {
                found.addAll(item.validate(execution, node.get(i), root, at.append(i)));
            }
            return found;
        }

        @Override
        public void preloadJsonSchema() {
            item.initializeValidators();
        }
    }
}
