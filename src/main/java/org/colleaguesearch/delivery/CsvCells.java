package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * JSON values as CSV cells. A spreadsheet may take a cell for a formula, which can run commands and send other cells
 * away. Such a cell gets an apostrophe in front, so that it is text. By OWASP, "CSV Injection", these are the cells that
 * begin with tab, CR, LF or NUL, and those that begin with one of {@code = + - @} or its full-width form; here also after
 * blanks and invisible characters, which some programs remove.
 *
 * <p>Left as they are: numbers, and what begins with {@code +} or {@code -} and goes on with digits, blanks and
 * {@code + - . , ( ) / %} only, such as telephone numbers and ranges. Without a letter, a colon or a quote it can name no
 * function, no cell and no program; the most that a spreadsheet can make of it is a number.
 */
public record CsvCells(boolean neutraliseFormulas) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    /** The blanks include those that do not break, as in telephone numbers. */
    private static final Pattern ARITHMETIC = Pattern.compile("[+-][0-9 \\u00A0\\u202F+.,()/%-]*");

    private static final String CONTROLS = "\t\r\n\0";
    private static final String SIGNS = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";

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
