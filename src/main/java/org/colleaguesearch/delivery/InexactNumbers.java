package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.Optional;

/**
 * Numbers that the index would change without a word: OpenSearch reads each fraction of an update as a double, so that
 * 1e400 becomes the text "Infinity", and digits after the 17th are lost. CSV files hold them.
 */
public final class InexactNumbers {
    /** As many digits as tell every double from every other: a number with no more was written from one. */
    private static final MathContext OF_DOUBLE = new MathContext(17);

    private InexactNumbers() {}

    /** Why a section cannot be indexed, in one line that names the field; empty if it can. */
    public static Optional<String> in(String field, JsonNode section) {
        return Optional.ofNullable(reason(field, section));
    }

    private static String reason(String field, JsonNode value) {
        if (value.isBigDecimal() && !isDouble(value)) {
            return "field '" + field + "' holds a number that the index cannot keep exactly, " + shown(value.asText())
                    + ": make it a text in 'section' (jq: tostring)";
        }
        for (Map.Entry<String, JsonNode> property : value.properties()) {
            String reason = reason(field + "." + property.getKey(), property.getValue());
            if (reason != null) {
                return reason;
            }
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            String reason = reason(field, value.get(i));
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    private static boolean isDouble(JsonNode value) {
        double indexed = value.doubleValue();
        BigDecimal number = value.decimalValue();
        if (!Double.isFinite(indexed) || (indexed == 0 && number.signum() != 0)) {
            return false;
        }
        return number.precision() <= 15
                || number.compareTo(BigDecimal.valueOf(indexed)) == 0
                || number.compareTo(new BigDecimal(indexed).round(OF_DOUBLE)) == 0
                || number.compareTo(new BigDecimal(indexed)) == 0;
    }

    private static String shown(String number) {
        return number.length() > 40 ? number.substring(0, 40) + "…" : number;
    }
}
