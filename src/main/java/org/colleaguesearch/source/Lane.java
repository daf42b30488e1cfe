package org.colleaguesearch.source;

/** What calls are made for, as far as calling needs to know it. */
public interface Lane {
    String batchId();

    String indexer();

    /** Whether someone has asked for these URLs, so that they are kept apart from those of indexers. */
    boolean isExport();
}
