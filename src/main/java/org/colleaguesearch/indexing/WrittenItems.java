package org.colleaguesearch.indexing;

/** The items of a section that were written to disk as soon as they were fetched, to save memory. */
public interface WrittenItems {
    int count();
}
