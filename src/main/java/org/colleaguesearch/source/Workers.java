package org.colleaguesearch.source;

/** How many threads may call the API concurrently. */
public interface Workers {
    int count();

    /** How many of them make the calls of exports. */
    default int ofExports() {
        return count();
    }
}
