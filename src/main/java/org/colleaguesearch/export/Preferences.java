package org.colleaguesearch.export;

import java.util.regex.Pattern;

/** What a {@code Prefer} header says (RFC 7240). */
final class Preferences {
    /** Commas and semicolons in quotes part nothing. */
    private static final String OUTSIDE_QUOTES = "(?=(?:[^\"\\\\]|\\\\.|\"(?:[^\"\\\\]|\\\\.)*+\")*+$)";

    private static final Pattern COMMA = Pattern.compile("," + OUTSIDE_QUOTES);
    private static final Pattern SEMICOLON = Pattern.compile(";" + OUTSIDE_QUOTES);
    /** An empty value is none (section 2). */
    private static final Pattern RESPOND_ASYNC =
            Pattern.compile("respond-async(\\s*=\\s*(\"\")?)?", Pattern.CASE_INSENSITIVE);

    private Preferences() {}

    /**
     * Whether the answer is not to wait for the work.
     *
     * @param header all that came, joined by commas; null for none
     */
    static boolean respondAsync(String header) {
        return header != null
                && COMMA.splitAsStream(header)
                        .map(preference -> SEMICOLON.split(preference, -1)[0].strip())
                        .anyMatch(
                                preference -> RESPOND_ASYNC.matcher(preference).matches());
    }
}
