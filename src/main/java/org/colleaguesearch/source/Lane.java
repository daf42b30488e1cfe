package org.colleaguesearch.source;

/** The work that calls belong to, as far as this package needs to know it. */
public interface Lane {
    String batchId();

    String indexer();

    /** Whether someone requested these URLs: such calls are kept apart from those of indexers. */
    boolean isExport();
}
