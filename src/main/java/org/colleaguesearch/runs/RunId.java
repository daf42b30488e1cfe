package org.colleaguesearch.runs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;

/** The name that the API has for a run: {@code 20261123T020000000Z-patents}. */
record RunId(String batchId, String indexer) {
    private static final Pattern FORM = Pattern.compile("(\\d{8}T\\d{9}Z)-([A-Za-z][A-Za-z0-9_-]{0,99})");

    /**
     * Takes a name apart.
     *
     * @throws RequestRefused when it is none, and so no run's
     */
    static RunId of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw unknown(text);
        }
        return new RunId(form.group(1), form.group(2));
    }

    /** What to answer when there is no such run. */
    RequestRefused unknown() {
        return unknown(toString());
    }

    private static RequestRefused unknown(String text) {
        return new RequestRefused(Kind.NOT_FOUND, "there is no run " + text + ", or not any more", "run_id");
    }

    @Override
    public String toString() {
        return batchId + "-" + indexer;
    }
}
