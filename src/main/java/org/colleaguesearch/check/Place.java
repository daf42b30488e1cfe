package org.colleaguesearch.check;

import java.nio.file.Path;

/**
 * Where something stands. Line and column count from 1; the file is as it was asked for, or relative to the folder
 * that is checked.
 */
public record Place(Path file, int line, int column) {
    /** Without the column. */
    public String inLine() {
        return file + ":" + line;
    }

    Problem problem(String text) {
        return new Problem(file, line, column, text);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
