package org.colleaguesearch.tooling.yaml;

import java.nio.file.Path;
import org.colleaguesearch.settings.Problem;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Where something stands. Line and column count from 1; the file is as it was asked for, or relative to the folder
 * that is checked.
 */
public record Place(Path file, int line, int column) {
    /** Of what the parser names, which counts from 0. */
    static Place of(Path file, Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** Without the column. */
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
