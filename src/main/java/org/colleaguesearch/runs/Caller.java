package org.colleaguesearch.runs;

/** Who asks by the API, as the ledger and the log have it. */
final class Caller {
    /** Characters that the ledger takes. */
    private static final int LONGEST = 100;

    private Caller() {}

    /**
     * The name of an API key, on one line and cut where it is too long.
     *
     * @param key null where there are no keys
     */
    static String name(String key) {
        String name = key == null || key.isBlank() ? "api" : key.replaceAll("\\p{Cntrl}", " ");
        return name.codePointCount(0, name.length()) > LONGEST
                ? name.substring(0, name.offsetByCodePoints(0, LONGEST))
                : name;
    }
}
