package org.colleaguesearch.indexing;

/** What became of one URL: its section, or why there is none. Every URL of a run ends as exactly one. */
public sealed interface Outcome permits Fetched, Failed {
    Call call();

    /** How often the URL was called; 0 if its chunk was quarantined. */
    int attempts();

    /** How many calls that took: more than attempts where the section comes in pages. */
    int calls();
}
