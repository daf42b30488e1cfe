package org.colleaguesearch.indexing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Settings;

/**
 * A named feed that fills one section, declared by a file under {@code routes/indexers/}.
 *
 * @param columns the fields of an item that become CSV columns, after {@code person_id}
 * @param pool the thread pool profile ({@code camel.threadpool.config.<pool>}) for its calls
 * @param stopOnFirstError whether its run fails at the first URL that fails
 * @param api the name of the API that has the section
 * @param source how it reads the section
 * @param definition SHA-256 of all that decides what the section of a person is, in hexadecimal
 * @param searched how its section is searched
 */
public record Indexer(
        String name,
        List<String> columns,
        String pool,
        boolean stopOnFirstError,
        String api,
        SectionSource source,
        String definition,
        Searched searched) {
    /** The first column of every CSV file. */
    public static final String PERSON_ID = "person_id";

    /** The name of exports where a run has that of its indexer. */
    public static final String EXPORT = "export";

    /** The fields of a document that no indexer may fill. */
    public static final Set<String> PERSON_FIELDS = Set.of("id", "name", "active", "fetched");

    public Indexer {
        // Each once, and without person_id, which every row has.
        columns = columns.stream()
                .filter(column -> !PERSON_ID.equals(column))
                .distinct()
                .toList();
    }

    /** One whose sections have one page each, read with GET, and are not searched. */
    public Indexer(String name, List<String> columns, String pool, boolean stopOnFirstError) {
        this(
                name,
                columns,
                pool,
                stopOnFirstError,
                Settings.DEFAULT_API,
                SectionSource.of(Map.of()),
                "",
                SearchDeclaration.read(name, parameter -> "", columns));
    }

    /** The problem with a name, if any. It becomes a field of the index, a folder, route ids and parts of URIs. */
    public static Optional<String> wrongName(String indexer) {
        String invalid = "invalid indexer name '" + indexer + "'";
        if (PERSON_FIELDS.contains(indexer)) {
            return Optional.of(invalid + ": it is a field of the person; choose another name");
        }
        if (EXPORT.equals(indexer) || "people".equals(indexer)) {
            return Optional.of(invalid + ": it is reserved; choose another name");
        }
        return indexer.matches("[A-Za-z][A-Za-z0-9_-]*")
                ? Optional.empty()
                : Optional.of(invalid + "; expected a letter, then letters, digits, - and _");
    }

    /** The CSV header. */
    public List<String> header() {
        return Stream.concat(Stream.of(PERSON_ID), columns.stream()).toList();
    }
}
