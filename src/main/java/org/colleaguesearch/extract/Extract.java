package org.colleaguesearch.extract;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.delivery.AtomicFile;
import org.colleaguesearch.delivery.CsvCells;
import org.colleaguesearch.delivery.CsvDialect;
import org.colleaguesearch.settings.Readers;

/**
 * Processes a query file in chunks of rows, and writes the result file. Confined to the thread of its file.
 */
public final class Extract implements Closeable {
    /** Queries per chunk: enough to keep all threads busy until the slowest query is done, few enough for the heap. */
    private static final int CHUNK = 1_000;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    private final Path input;
    private final CsvCells cells;
    private final CsvDialect dialect;
    private final Readers readers;
    /** The state of the file when it was picked up, or null if it was missing. */
    private final FileState pickedUp;

    private QueryFile queries;
    private AtomicFile result;
    private Query next;
    private long rows;

    Extract(Path input, CsvCells cells, CsvDialect dialect, Readers readers) {
        this.input = input;
        this.cells = cells;
        this.dialect = dialect;
        this.readers = readers;
        this.pickedUp = FileState.of(input);
    }

    /** Whether the file is still there and unchanged. */
    boolean isThere() {
        return pickedUp != null && pickedUp.equals(FileState.of(input));
    }

    /** Whether the file was written to after it was picked up, so that it may have been incomplete. */
    boolean isWrittenTo() {
        return pickedUp != null && pickedUp.isWrittenTo(FileState.of(input));
    }

    Path input() {
        return input;
    }

    /** The file name for the log, without control characters. */
    String name() {
        return input.getFileName().toString().replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * Opens the query file and its result.
     *
     * @param folder of the result, {@code <name>-<time>.csv}, where the time is the last modification of the query file, so
     *     that processing it again replaces the result
     */
    void begin(Path folder) throws IOException {
        Instant changed = Files.getLastModifiedTime(input).toInstant();
        String name = input.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        queries = QueryFile.open(input);
        result = new AtomicFile(folder.resolve(name + "-" + TIME.format(changed) + ".csv"), readers);
        result.write(dialect.header(row(queries.header(), QueryFile.RESULT)));
        rows = 0;
        next = queries.next();
    }

    /** Whether queries remain. */
    public boolean isPending() {
        return next != null;
    }

    /** The next chunk of queries. */
    List<Query> next() throws IOException {
        List<Query> chunk = new ArrayList<>(CHUNK);
        while (next != null && chunk.size() < CHUNK) {
            chunk.add(next);
            next = queries.next();
        }
        return chunk;
    }

    /** Writes the results of a chunk: one row per person found, or one row without a person. */
    void write(List<Query> chunk) throws IOException {
        for (Query query : chunk) {
            List<List<String>> found =
                    query.found().isEmpty() ? List.of(Collections.nCopies(QueryFile.RESULT.size(), "")) : query.found();
            for (List<String> person : found) {
                result.write(dialect.line(row(query.cells(), person)));
                rows++;
            }
        }
    }

    private List<String> row(List<String> left, List<String> right) {
        return Stream.concat(left.stream(), right.stream()).map(cells::of).toList();
    }

    /** The number of rows written, without the header. */
    long rows() {
        return rows;
    }

    /** Renames the result into place. */
    Path end() throws IOException {
        result.put();
        return result.target();
    }

    /** Closes the files, and removes an unfinished result. */
    @Override
    public void close() throws IOException {
        if (queries != null) {
            queries.close();
        }
        if (result != null) {
            result.close();
        }
    }
}
