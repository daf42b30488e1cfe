package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * JSON values as CSV cells. A spreadsheet takes a cell that begins with one of {@code = + - @}, tab or CR for a
 * formula, which may run commands; such a cell gets an apostrophe in front, which spreadsheets do not show, unless it
 * is a number. See OWASP, "CSV Injection".
 */
public record CsvCells(boolean neutraliseFormulas) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    /** Text as it is, other scalars as JSON writes them, objects and arrays as JSON, nothing for null. */
    public String of(JsonNode value) {
        if (value == null || value.isNull() || value.isMissingNode()) {
            return "";
        }
        return of(value.isValueNode() ? value.asText() : value.toString());
    }

    public String of(String text) {
        return neutraliseFormulas && isFormula(text) ? "'" + text : text;
    }

    private static boolean isFormula(String text) {
        return !text.isEmpty()
                && "=+-@\t\r".indexOf(text.charAt(0)) >= 0
                && !NUMBER.matcher(text).matches();
    }
}
