package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * Converts JSON values to CSV cells. A spreadsheet may read a cell as a formula, which can run commands and exfiltrate
 * other cells; an apostrophe in front makes it text. According to OWASP, "CSV Injection", a cell is dangerous if it
 * starts with tab, CR, LF or NUL, or with one of {@code = + - @} or its full-width form. This class also looks behind
 * leading blanks and invisible characters, which some programs strip.
 *
 * <p>Numbers stay unchanged, and so does text that starts with {@code +} or {@code -} and otherwise has only digits,
 * blanks and {@code + - . , ( ) / %}, such as telephone numbers and ranges. Without a letter, a colon or a quote it cannot
 * name a function, a cell or a program; at worst a spreadsheet reads it as a number.
 */
public record CsvCells(boolean neutraliseFormulas) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    /** Includes no-break spaces, as in telephone numbers. */
    private static final Pattern ARITHMETIC = Pattern.compile("[+-][0-9 \\u00A0\\u202F+.,()/%-]*");

    private static final String CONTROLS = "\t\r\n\0";
    private static final String SIGNS = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";

    /** Text unchanged, all other values as JSON, and an empty cell for null. */
    public String of(JsonNode value) {
        if (value == null || value.isNull() || value.isMissingNode()) {
            return "";
        }
        if (value.isFloatingPointNumber()) {
            // Written like a number of a response, also if an expression has calculated it.
            return of(value.decimalValue().toString());
        }
        return of(value.isValueNode() ? value.asText() : value.toString());
    }

    public String of(String text) {
        return neutraliseFormulas && isFormula(text) ? "'" + text : text;
    }

    private static boolean isFormula(String text) {
        if (text.isEmpty() || CONTROLS.indexOf(text.charAt(0)) >= 0) {
            return !text.isEmpty();
        }
        int first = 0;
        while (first < text.length() && isInvisible(text.charAt(first))) {
            first++;
        }
        return first < text.length()
                && SIGNS.indexOf(text.charAt(first)) >= 0
                && !NUMBER.matcher(text).region(first, text.length()).matches()
                && !ARITHMETIC.matcher(text).region(first, text.length()).matches();
    }

    private static boolean isInvisible(char character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.isISOControl(character)
                || Character.getType(character) == Character.FORMAT;
    }
}
