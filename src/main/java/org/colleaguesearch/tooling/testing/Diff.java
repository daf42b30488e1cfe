package org.colleaguesearch.tooling.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The difference of two texts, line by line: {@code - expected}, {@code + actual}. */
final class Diff {
    /** Nobody reads more lines, and comparing them takes quadratic time. */
    private static final int MOST_LINES = 500;

    private static final int LONGEST_LINE = 200;

    private Diff() {}

    static List<String> of(String expected, String actual) {
        List<String> left = lines(expected);
        List<String> right = lines(actual);
        int[][] common = common(left, right);
        List<String> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < left.size() || j < right.size()) {
            if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
                lines.add("  " + shortened(left.get(i)));
                i++;
                j++;
            } else if (i < left.size() && (j == right.size() || common[i + 1][j] >= common[i][j + 1])) {
                lines.add("- " + shortened(left.get(i++)));
            } else {
                lines.add("+ " + shortened(right.get(j++)));
            }
        }
        return lines;
    }

    private static List<String> lines(String text) {
        List<String> lines = text.lines().limit(MOST_LINES + 1L).toList();
        return lines.size() <= MOST_LINES
                ? lines
                : Stream.concat(lines.stream().limit(MOST_LINES), Stream.of("…"))
                        .toList();
    }

    /** For each pair of positions, the number of common lines from there on. */
    private static int[][] common(List<String> left, List<String> right) {
        int[][] common = new int[left.size() + 1][right.size() + 1];
        for (int i = left.size() - 1; i >= 0; i--) {
            for (int j = right.size() - 1; j >= 0; j--) {
                common[i][j] = left.get(i).equals(right.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    /** The text as one short line that is safe for a terminal: messages may contain anything. */
    static String shortened(String text) {
        String line = printable(text);
        return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line;
    }

    /** The text as one line, without terminal control and text direction characters. */
    static String printable(String text) {
        return text.replace("\n", "\\n").replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    }
}
