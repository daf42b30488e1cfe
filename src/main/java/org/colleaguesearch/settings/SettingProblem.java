package org.colleaguesearch.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.boot.origin.TextResourceOrigin;

/**
 * A problem of a setting. Ordered: first those outside files, then by file and line.
 *
 * @param key of the setting; empty if the problem is not about one
 * @param origin where the setting is set, or null
 * @param remedy what to do, unless {@code what} says so
 */
public record SettingProblem(String key, String what, Origin origin, String remedy)
        implements Comparable<SettingProblem> {
    private static final Comparator<SettingProblem> ORDER = Comparator.comparing(
                    SettingProblem::inFile, Comparator.nullsFirst(Comparator.<Problem>naturalOrder()))
            .thenComparing(SettingProblem::named);

    /** A problem that is not about a setting, or whose text names it. */
    public static SettingProblem plain(String text) {
        return new SettingProblem("", text, null, "");
    }

    @Override
    public int compareTo(SettingProblem other) {
        return ORDER.compare(this, other);
    }

    /** One line that is safe for a terminal, with {@code file:line:column} if the setting is in a file. */
    @Override
    public String toString() {
        Problem inFile = inFile();
        return inFile == null ? named() : inFile.toString();
    }

    /** Null if the setting is not in a file. */
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
                // For example in the jar.
                return null;
            }
        }
        return null;
    }

    /** With its origin as Spring describes it. */
    private String named() {
        return Problem.printable(
                remedy.isEmpty() || origin == null ? what + remedy : what + " (" + origin + ")" + remedy);
    }
}
