package org.colleaguesearch.indexing;

/** What became of one URL: its section, or why there is none. Every URL of a run ends as exactly one outcome. */
public sealed interface Outcome permits Fetched, Failed {
    Call call();

    /** How often the URL was called; 0 if its chunk was quarantined. */
    int attempts();

    /** How many calls were made: more than attempts if the section has several pages. */
    int calls();
}
