package org.colleaguesearch.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.AbstractKeyword;
import com.networknt.schema.BaseJsonValidator;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonValidator;
import com.networknt.schema.Keyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.ValidationContext;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.ValidatorTypeCode;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The keyword {@code items}, but it stops after the first faults of an array: the library's version creates a message of
 * some 600 bytes for each of a million invalid items. Stateless.
 */
final class BoundedItems extends BaseJsonValidator {
    /** One more than is reported, so that the report can say "and more". */
    private static final int MAX_MESSAGES = ProblemException.MAX_FAULTS + 1;

    static final Keyword KEYWORD = new AbstractKeyword(ValidatorTypeCode.ITEMS.getValue()) {
        @Override
        public JsonValidator newValidator(
                SchemaLocation location,
                JsonNodePath path,
                JsonNode node,
                JsonSchema parent,
                ValidationContext validation) {
            return new BoundedItems(location, path, node, parent, validation);
        }
    };

    private final JsonSchema item;

    private BoundedItems(
            SchemaLocation location,
            JsonNodePath path,
            JsonNode node,
            JsonSchema parent,
            ValidationContext validation) {
        super(location, path, node, parent, ValidatorTypeCode.ITEMS, validation);
        item = validation.newSchema(location, path, node, parent);
    }

    @Override
    public Set<ValidationMessage> validate(ExecutionContext execution, JsonNode node, JsonNode root, JsonNodePath at) {
        Set<ValidationMessage> found = new LinkedHashSet<>();
        for (int i = 0; node.isArray() && i < node.size() && found.size() < MAX_MESSAGES; i++) {
            found.addAll(item.validate(execution, node.get(i), root, at.append(i)));
        }
        return found;
    }

    @Override
    public void preloadJsonSchema() {
        item.initializeValidators();
    }
}
