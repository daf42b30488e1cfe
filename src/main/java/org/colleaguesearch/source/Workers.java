package org.colleaguesearch.source;

/** How many threads may call the API at the same time. */
public interface Workers {
    int count();

    /** How many of them are for the calls of exports. */
    default int ofExports() {
        return count();
    }
}
