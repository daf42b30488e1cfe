package org.colleaguesearch.testing;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/** Says which known word a wrong one is likely to stand for. */
final class Nearest {
    private Nearest() {}

    /** A question for the one that is meant, if one is near; else what there is. */
    static String hint(String wrong, Collection<String> known) {
        return of(wrong, known).map(Nearest::question).orElseGet(() -> all(known));
    }

    static String question(String near) {
        return "did you mean " + near + "?";
    }

    static String all(Collection<String> known) {
        return known.isEmpty() ? "there is none" : "there are " + String.join(", ", new TreeSet<>(known));
    }

    /** The nearest of them, if it is near; a name with a prefix that is none is. */
    static Optional<String> of(String wrong, Collection<String> known) {
        return known.stream()
                .filter(word -> distance(wrong, word) <= Math.max(1, word.length() / 3) || wrong.endsWith("-" + word))
                .min(Comparator.comparingInt((String word) -> distance(wrong, word))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** How many letters are to be put in, taken out or changed (Levenshtein). */
    private static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[other.length() + 1];
            now[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(change, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[other.length()];
    }
}
