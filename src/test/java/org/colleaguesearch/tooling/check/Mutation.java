package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One faulty edit of a route file.
 *
 * @param lines of the original file
 * @param index of the edited line
 * @param edited the new line, or null if it is removed
 */
public record Mutation(Kind kind, Path file, List<String> lines, int index, String edited) {
    public enum Kind {
        TYPO_IN_KEY,
        TYPO_IN_VALUE,
        REMOVED_LINE,
        WRONG_INDENT,
        UNKNOWN_COMPONENT,
        SWAPPED_TYPE;

        /** Whether the edit can also move the lines around it. */
        boolean isOfStructure() {
            return this == REMOVED_LINE || this == WRONG_INDENT;
        }
    }

    /** The edited file. */
    public String text() {
        List<String> text = new ArrayList<>(lines);
        if (edited == null) {
            text.remove(index);
        } else {
            text.set(index, edited);
        }
        return String.join("\n", text);
    }

    /** The original file. */
    public String before() {
        return String.join("\n", lines) + "\n";
    }

    String original() {
        return lines.get(index);
    }

    /**
     * The lines of the edited file, counted from 1, at which a report is in the right place. For a typo, a component or
     * a type, only the line itself; for a text put before keys, also the first key. For a removed or wrongly indented
     * line, also the next two lines and the enclosing lines two levels up.
     */
    Set<Integer> rightLines() {
        Set<Integer> right = new TreeSet<>();
        right.add(index + 1);
        int next = next(index + 1);
        if (kind == Kind.SWAPPED_TYPE && original().endsWith(":")) {
            right.add(next + 1);
        }
        if (kind.isOfStructure()) {
            int shift = edited == null ? 0 : 1;
            right.add(next + shift);
            right.add(next(next + 1) + shift);
            int enclosing = enclosing(index);
            right.add(enclosing + 1);
            right.add(enclosing(enclosing) + 1);
        }
        return right;
    }

    private int next(int from) {
        int next = from;
        while (next < lines.size() - 1 && isBlank(lines.get(next))) {
            next++;
        }
        return next;
    }

    private int enclosing(int from) {
        int enclosing = from;
        while (enclosing > 0
                && (isBlank(lines.get(enclosing)) || depth(lines.get(enclosing)) >= depth(lines.get(from)))) {
            enclosing--;
        }
        return enclosing;
    }

    private static boolean isBlank(String line) {
        return line.isBlank() || line.strip().startsWith("#");
    }

    /** The indentation. The dash of an item counts as one level less than its keys. */
    private static int depth(String line) {
        return line.length() - line.stripLeading().length();
    }

    @Override
    public String toString() {
        return "%s %s:%d: '%s' became %s"
                .formatted(
                        kind,
                        file,
                        index + 1,
                        original().strip(),
                        edited == null
                                ? "nothing"
                                : kind == Kind.WRONG_INDENT ? "'" + edited + "'" : "'" + edited.strip() + "'");
    }
}
