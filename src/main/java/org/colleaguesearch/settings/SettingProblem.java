package org.colleaguesearch.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.boot.origin.TextResourceOrigin;

/**
 * What is wrong with a setting. In order: what is given in no file, then by file and line.
 *
 * @param key of the setting; empty: it is about none
 * @param origin where it is given, or null
 * @param remedy what to do, where that is not a part of {@code what}
 */
public record SettingProblem(String key, String what, Origin origin, String remedy)
        implements Comparable<SettingProblem> {
    private static final Comparator<SettingProblem> ORDER = Comparator.comparing(
                    SettingProblem::inFile, Comparator.nullsFirst(Comparator.<Problem>naturalOrder()))
            .thenComparing(SettingProblem::named);

    /** What is no setting's, or says itself which. */
    public static SettingProblem plain(String text) {
        return new SettingProblem("", text, null, "");
    }

    @Override
    public int compareTo(SettingProblem other) {
        return ORDER.compare(this, other);
    }

    /** In a line that is safe for a terminal: with {@code file:line:column}, where it is given in a file. */
    @Override
    public String toString() {
        Problem inFile = inFile();
        return inFile == null ? named() : inFile.toString();
    }

    /** Null: it is given in none. */
    private Problem inFile() {
        Origin given = origin instanceof OriginProvider source ? source.getOrigin() : origin;
        if (given instanceof TextResourceOrigin place && place.getLocation() != null) {
            try {
                Path here = Path.of("").toAbsolutePath();
                Path file = here.relativize(
                                place.getResource().getFile().toPath().toAbsolutePath())
                        .normalize();
                int line = place.getLocation().getLine() + 1;
                return new Problem(file, line, place.getLocation().getColumn() + 1, what + remedy);
            } catch (IOException e) {
                // In the jar, say.
                return null;
            }
        }
        return null;
    }

    /** With its place as Spring names it. */
    private String named() {
        return Problem.printable(
                remedy.isEmpty() || origin == null ? what + remedy : what + " (" + origin + ")" + remedy);
    }
}
