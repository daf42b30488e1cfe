package org.colleaguesearch.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** What a word that is unknown may have been meant to be. */
public final class Nearest {
    /** Of known words that are listed. */
    private static final int MOST = 12;

    private Nearest() {}

    /** For the end of a message: the word that was meant, if one is near enough, else those there are. */
    public static String remedy(String word, Collection<String> known) {
        return meant(word, known).map(near -> "; did you mean '" + near + "'?").orElseGet(() -> all(known));
    }

    /** The known word that is nearest, if it differs by a third of its letters, and three, at most. */
    public static Optional<String> meant(String word, Collection<String> known) {
        String small = small(word);
        return known.stream()
                .filter(other -> Math.abs(other.length() - word.length()) <= word.length() / 3 + 1)
                .filter(other -> distance(small, small(other)) <= Math.clamp(word.length() / 3, 1, 3))
                .min(Comparator.<String>comparingInt(other -> distance(small, small(other)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static String all(Collection<String> known) {
        TreeSet<String> sorted = new TreeSet<>(known);
        if (sorted.isEmpty()) {
            return "; there is none";
        }
        String listed = String.join(", ", sorted.stream().limit(MOST).toList());
        return (sorted.size() == 1 ? "; there is " : "; there are ")
                + listed
                + (sorted.size() > MOST ? " and others" : "");
    }

    private static String small(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    /** How many letters to add, drop, replace or swap make the one of the other. */
    private static int distance(String one, String other) {
        int[][] steps = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                steps[i][j] = i == 0 || j == 0
                        ? i + j
                        : steps[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                if (i > 0 && j > 0) {
                    steps[i][j] = Math.min(steps[i][j], Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
                }
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[one.length()][other.length()];
    }
}
