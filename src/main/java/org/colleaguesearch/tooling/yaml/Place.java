package org.colleaguesearch.tooling.yaml;

import java.nio.file.Path;
import org.colleaguesearch.settings.Problem;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A position in a file. Line and column count from 1. The file is the path given by the caller, or relative to the
 * checked folder.
 */
public record Place(Path file, int line, int column) {
    /** The place of a parser mark, which counts from 0. */
    static Place of(Path file, Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** Returns {@code file:line}, without the column. */
    public String inLine() {
        return file + ":" + line;
    }

    public Problem problem(String text) {
        return new Problem(file, line, column, text);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
