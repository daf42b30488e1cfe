package org.colleaguesearch.indexing;

/** The items of a section that were written as soon as they were fetched, so that memory need not hold them. */
public interface WrittenItems {
    int count();
}
