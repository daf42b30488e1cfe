package org.colleaguesearch.export;

import java.util.regex.Pattern;

/** Reads {@code Prefer} headers (RFC 7240). */
final class Preferences {
    /** Commas and semicolons inside quotes are not separators. */
    private static final String OUTSIDE_QUOTES = "(?=(?:[^\"\\\\]|\\\\.|\"(?:[^\"\\\\]|\\\\.)*+\")*+$)";

    private static final Pattern COMMA = Pattern.compile("," + OUTSIDE_QUOTES);
    private static final Pattern SEMICOLON = Pattern.compile(";" + OUTSIDE_QUOTES);
    /** An empty value means no value (section 2). */
    private static final Pattern RESPOND_ASYNC =
            Pattern.compile("respond-async(\\s*=\\s*(\"\")?)?", Pattern.CASE_INSENSITIVE);

    private Preferences() {}

    /**
     * Whether the response should not wait for the work.
     *
     * @param header all {@code Prefer} headers, joined by commas; null if there are none
     */
    static boolean respondAsync(String header) {
        return header != null
                && COMMA.splitAsStream(header)
                        .map(preference -> SEMICOLON.split(preference, -1)[0].strip())
                        .anyMatch(
                                preference -> RESPOND_ASYNC.matcher(preference).matches());
    }
}
