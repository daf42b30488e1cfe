package org.colleaguesearch.runs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;

/** The id of a run in the API: {@code 20261123T020000000Z-patents}. */
public record RunId(String batchId, String indexer) {
    /** In place of an indexer: the removal of people who are no longer in the list of people. */
    private static final String PEOPLE = "people";

    private static final Pattern FORM = Pattern.compile("(\\d{8}T\\d{9}Z)-([A-Za-z][A-Za-z0-9_-]{0,99})");

    /**
     * Parses an id.
     *
     * @throws RequestRefused when it is not the id of a run
     */
    public static RunId of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw unknown(text);
        }
        return new RunId(form.group(1), form.group(2));
    }

    /** The removal of people after a batch, which is held and released like a run. */
    public static RunId ofPeople(String batchId) {
        return new RunId(batchId, PEOPLE);
    }

    public boolean isPeople() {
        return indexer.equals(PEOPLE);
    }

    /** The response when there is no such run. */
    RequestRefused unknown() {
        return unknown(toString());
    }

    private static RequestRefused unknown(String text) {
        return new RequestRefused(Kind.NOT_FOUND, "unknown run '" + text + "'; it may have been deleted", "run_id");
    }

    @Override
    public String toString() {
        return batchId + "-" + indexer;
    }
}
