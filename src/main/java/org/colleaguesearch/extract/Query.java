package org.colleaguesearch.extract;

import java.util.List;

/**
 * A row of a query file, and the people found for it. The searching thread sets the people; the thread of the file reads
 * them after all searches of the chunk.
 */
public final class Query {
    private final int number;
    private final long line;
    private final List<String> cells;
    private final String text;
    private volatile List<List<String>> found = List.of();

    /**
     * Creates a query from a row.
     *
     * @param number of the query in the file, from 1
     * @param line first line of the row, from 1
     * @param cells all cells of the row, in column order
     * @param text to search for
     */
    public Query(int number, long line, List<String> cells, String text) {
        this.number = number;
        this.line = line;
        this.cells = List.copyOf(cells);
        this.text = text;
    }

    /** All cells of the row, in column order. */
    List<String> cells() {
        return cells;
    }

    String text() {
        return text;
    }

    /** Whether the query has no text; searching for it would find everyone. */
    public boolean isBlank() {
        return text.isBlank();
    }

    /** The result columns of the people found, best first. */
    public List<List<String>> found() {
        return found;
    }

    void found(List<List<String>> rows) {
        found = List.copyOf(rows);
    }

    /** Number and line, for messages. */
    @Override
    public String toString() {
        return "query " + number + " (line " + line + ")";
    }
}
