package org.colleaguesearch.extract;

import java.util.List;

/**
 * A row of a file of queries, and then who was found. What was found is set by the thread that searches, and read by
 * that of the file when the searches of its chunk have ended.
 */
public final class Query {
    private final int number;
    private final long line;
    private final List<String> cells;
    private final String text;
    private volatile List<List<String>> found = List.of();

    /**
     * A row.
     *
     * @param number counts from 1 within the file
     * @param line where it begins, counted from 1
     * @param cells all of it, in the order of the columns
     * @param text what is to be searched for
     */
    public Query(int number, long line, List<String> cells, String text) {
        this.number = number;
        this.line = line;
        this.cells = List.copyOf(cells);
        this.text = text;
    }

    /** All cells of the row, in the order of the columns. */
    List<String> cells() {
        return cells;
    }

    String text() {
        return text;
    }

    /** Whether there is nothing to search for: the search would find everyone. */
    public boolean isBlank() {
        return text.isBlank();
    }

    /** The result columns of those who were found, best first. */
    public List<List<String>> found() {
        return found;
    }

    void found(List<List<String>> rows) {
        found = List.copyOf(rows);
    }

    /** Which one it is, for messages; the first has number 1, and lines count from 1. */
    @Override
    public String toString() {
        return "query " + number + " (line " + line + ")";
    }
}
