package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Finds values that JSON and UTF-8 cannot represent, and that every writer would replace differently: unpaired surrogates,
 * and NaN and infinity, which jq expressions can produce.
 */
public final class Unwritable {
    private Unwritable() {}

    /** Why a section cannot be written, in one line that names the field; empty if it can. */
    public static Optional<String> in(JsonNode section) {
        return Optional.ofNullable(reason(section, ""));
    }

    private static String reason(JsonNode value, String field) {
        if (value.isTextual() && isBroken(value.textValue())) {
            return "field '" + field
                    + "' contains an unpaired surrogate, which is not valid text: fix it in the API, or drop"
                    + " the field in 'section'";
        }
        if (value.isFloatingPointNumber() && !value.isBigDecimal() && !Double.isFinite(value.doubleValue())) {
            return "field '" + field + "' is " + value.asText() + ", which JSON cannot represent: check the calculation"
                    + " in 'section'";
        }
        for (Map.Entry<String, JsonNode> property : value.properties()) {
            if (isBroken(property.getKey())) {
                return "the name of a field" + (field.isEmpty() ? "" : " in '" + field + "'")
                        + " contains an unpaired surrogate, which is not valid text: fix it in the API";
            }
            String reason =
                    reason(property.getValue(), field.isEmpty() ? property.getKey() : field + "." + property.getKey());
            if (reason != null) {
                return reason;
            }
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            String reason = reason(value.get(i), field);
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    private static boolean isBroken(String text) {
        return !StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
