package org.colleaguesearch.indexing;

import java.util.List;

/**
 * A named feed that fills one section, as its file under {@code routes/indexers/} declares it.
 *
 * @param columns the fields of an item that its CSV rows show, after {@code person_id}
 * @param pool the thread pool profile ({@code camel.threadpool.config.<pool>}) whose threads make its calls
 */
public record Indexer(String name, List<String> columns, String pool) {
    public Indexer {
        columns = List.copyOf(columns);
    }

    /** The CSV header. */
    public List<String> header() {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of("person_id"), columns.stream())
                .toList();
    }
}
