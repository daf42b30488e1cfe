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
import org.colleaguesearch.delivery.CsvCells;
import org.colleaguesearch.delivery.CsvDialect;
import org.colleaguesearch.delivery.WholeFile;
import org.colleaguesearch.settings.Readers;

/**
 * A file of queries that is being done, a chunk of rows at a time, and the file of its results. For the one thread of
 * its file.
 */
public final class Extract implements Closeable {
    /** Queries a chunk: many for each thread, so that few wait for a chunk's slowest, and few enough for the heap. */
    private static final int CHUNK = 1_000;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    private final Path input;
    private final CsvCells cells;
    private final CsvDialect dialect;
    private final Readers readers;
    /** As the file was when it was taken, or null if it was gone. */
    private final FileState taken;

    private QueryFile queries;
    private WholeFile result;
    private Query next;
    private long rows;

    Extract(Path input, CsvCells cells, CsvDialect dialect, Readers readers) {
        this.input = input;
        this.cells = cells;
        this.dialect = dialect;
        this.readers = readers;
        this.taken = FileState.of(input);
    }

    /** Whether the file is still where it was, and the same. */
    boolean isThere() {
        return taken != null && taken.equals(FileState.of(input));
    }

    /** Whether somebody has written to the file since it was taken, so that what was read of it may be half of it. */
    boolean isWrittenTo() {
        return taken != null && taken.isWrittenTo(FileState.of(input));
    }

    Path input() {
        return input;
    }

    /** Its name for the log, on one line. */
    String name() {
        return input.getFileName().toString().replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * Opens it.
     *
     * @param folder where the result is written to: {@code <name>-<time>.csv}, by the time that the file was last
     *     changed, so that a file that is done twice replaces its result
     */
    void begin(Path folder) throws IOException {
        Instant changed = Files.getLastModifiedTime(input).toInstant();
        String name = input.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        queries = QueryFile.open(input);
        result = new WholeFile(folder.resolve(name + "-" + TIME.format(changed) + ".csv"), readers);
        result.write(dialect.header(row(queries.header(), QueryFile.RESULT)));
        rows = 0;
        next = queries.next();
    }

    /** Whether there are queries that were not searched for yet. */
    public boolean isPending() {
        return next != null;
    }

    /** The next queries. */
    List<Query> next() throws IOException {
        List<Query> chunk = new ArrayList<>(CHUNK);
        while (next != null && chunk.size() < CHUNK) {
            chunk.add(next);
            next = queries.next();
        }
        return chunk;
    }

    /** Writes the rows of a chunk that was searched for: one a person, or one where nobody was found. */
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

    /** Puts the result into place. */
    Path end() throws IOException {
        result.put();
        return result.target();
    }

    /** Closes the files, and removes the result where it is not in place. */
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
