package org.colleaguesearch.indexing;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A named feed that fills one section, as its file under {@code routes/indexers/} declares it.
 *
 * @param columns the fields of an item that its CSV rows show, after {@code person_id}
 * @param pool the thread pool profile ({@code camel.threadpool.config.<pool>}) whose threads make its calls
 * @param stopOnFirstError whether a run of it ends at the first URL that fails
 */
public record Indexer(String name, List<String> columns, String pool, boolean stopOnFirstError) {
    /** The first column of every CSV file. */
    public static final String PERSON_ID = "person_id";

    /** What the run of an export has in place of an indexer's name, which no indexer can have. */
    public static final String EXPORT = "export";

    /** The fields of a document that are the person's own, and so no indexer's. */
    public static final Set<String> PERSON_FIELDS = Set.of("id", "name", "active");

    public Indexer {
        // Each once: a row has one cell for a name, and person_id is there already.
        columns = columns.stream()
                .filter(column -> !PERSON_ID.equals(column))
                .distinct()
                .toList();
    }

    /** What is wrong with a name, if anything. It names a field of the index, a folder and routes, and is part of URIs. */
    public static Optional<String> wrongName(String indexer) {
        String named = "an indexer is named " + indexer;
        if (PERSON_FIELDS.contains(indexer)) {
            return Optional.of(
                    named + ", which is a field of the person's own: give it another name in routes/indexers/");
        }
        if (EXPORT.equals(indexer)) {
            return Optional.of(named + ", as the runs of exports are: give it another name in routes/indexers/");
        }
        return indexer.matches("[A-Za-z][A-Za-z0-9_-]*")
                ? Optional.empty()
                : Optional.of(
                        named
                                + ": in routes/indexers/, give it a name of letters, digits, - and _ that begins with a letter");
    }

    /** The CSV header. */
    public List<String> header() {
        return Stream.concat(Stream.of(PERSON_ID), columns.stream()).toList();
    }
}
