package org.colleaguesearch.settings;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A problem in a file. Line and column count from 1.
 *
 * @param text what is wrong, and what to do: one line that is safe for a terminal
 */
public record Problem(Path file, int line, int column, String text) implements Comparable<Problem> {
    /** Length limit of a text, since it can quote a file. */
    private static final int MOST = 1_000;

    private static final Comparator<Problem> ORDER = Comparator.comparing(
                    (Problem problem) -> problem.file().toString())
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::text);

    public Problem {
        text = printable(text);
    }

    /** The problems in order, only the first of each place: further ones follow from it. */
    public static List<Problem> onePerPlace(List<Problem> found) {
        Set<List<Object>> places = new HashSet<>();
        return found.stream()
                .filter(problem -> places.add(List.of(problem.file, problem.line, problem.column)))
                .sorted()
                .toList();
    }

    /** Untrusted text as one line of bounded length. */
    public static String printable(String text) {
        return safe(text.length() > MOST ? text.substring(0, MOST) + "…" : text);
    }

    /** Control characters, and those that change the direction of writing, become �. */
    private static String safe(String text) {
        return text.replaceAll("\\R\\s*", " ").replaceAll("[\\p{Cc}\\p{Cf}]", "\uFFFD");
    }

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return safe(file.toString()) + ":" + line + ":" + column + ": " + text;
    }
}
