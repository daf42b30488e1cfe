package org.colleaguesearch.runs;

/** The caller of the API, as the ledger and the log name it. */
final class Caller {
    /** Characters in the column of the ledger. */
    private static final int MAX_LENGTH = 100;

    private Caller() {}

    /**
     * The name of an API key, on one line and truncated if too long.
     *
     * @param key null if no API keys are configured
     */
    static String name(String key) {
        String name = key == null || key.isBlank() ? "api" : key.replaceAll("\\p{Cntrl}", " ");
        return name.codePointCount(0, name.length()) > MAX_LENGTH
                ? name.substring(0, name.offsetByCodePoints(0, MAX_LENGTH))
                : name;
    }
}
