package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One edit of a route file that went wrong.
 *
 * @param lines of the file before
 * @param index of the line that is edited
 * @param edited what it becomes, or null when it is removed
 */
public record Mutation(Kind kind, Path file, List<String> lines, int index, String edited) {
    public enum Kind {
        TYPO_IN_KEY,
        TYPO_IN_VALUE,
        REMOVED_LINE,
        WRONG_INDENT,
        UNKNOWN_COMPONENT,
        SWAPPED_TYPE;

        /** Those that can move what stands around them. */
        boolean isOfStructure() {
            return this == REMOVED_LINE || this == WRONG_INDENT;
        }
    }

    /** What the file becomes. */
    public String text() {
        List<String> text = new ArrayList<>(lines);
        if (edited == null) {
            text.remove(index);
        } else {
            text.set(index, edited);
        }
        return String.join("\n", text);
    }

    /** What it was. */
    public String before() {
        return String.join("\n", lines) + "\n";
    }

    String original() {
        return lines.get(index);
    }

    /**
     * The lines of the file as it became, counted from 1, at which a report is in the right place. For a typo, a component
     * or a type: the line itself, no other, but for a text that is put where keys follow, also the first of these. For a
     * line that is gone or wrongly indented, also what is around it: the next two lines, and what encloses it, two levels
     * up.
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

    /** Of a key of an item, that of its dash counts as one level less. */
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
