package org.colleaguesearch.api;

/** How many threads may call the API at the same time. */
public interface Workers {
    int count();
}
