package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.Optional;

/**
 * Finds numbers that the index would silently change: OpenSearch parses every fraction in an update as a double, so that
 * 1e400 becomes the text "Infinity", and digits after the 17th are lost. CSV files keep such numbers exactly.
 */
public final class InexactNumbers {
    /** 17 digits identify every double uniquely; a number with no more digits may have been printed from one. */
    private static final MathContext DOUBLE_DIGITS = new MathContext(17);

    private InexactNumbers() {}

    /** Why a section cannot be indexed, in one line that names the field; empty if it can. */
    public static Optional<String> in(String field, JsonNode section) {
        return Optional.ofNullable(reason(field, section));
    }

    private static String reason(String field, JsonNode value) {
        if (value.isBigDecimal() && !isDouble(value)) {
            return "field '" + field + "' holds a number that the index cannot store exactly, "
                    + abbreviated(value.asText()) + ": convert it to a string in 'section' (jq: tostring)";
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
                || number.compareTo(new BigDecimal(indexed).round(DOUBLE_DIGITS)) == 0
                || number.compareTo(new BigDecimal(indexed)) == 0;
    }

    private static String abbreviated(String number) {
        return number.length() > 40 ? number.substring(0, 40) + "…" : number;
    }
}
