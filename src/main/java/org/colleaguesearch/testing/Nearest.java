package org.colleaguesearch.testing;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Says which known word a wrong one is likely to stand for. */
final class Nearest {
    private Nearest() {}

    /** A question for the one that is meant, if one is near; and else what there is. */
    static String hint(String wrong, Collection<String> known) {
        return of(wrong, known)
                .map(word -> "did you mean " + word + "?")
                .orElseGet(() ->
                        known.isEmpty() ? "there is none" : "there are " + String.join(", ", new TreeSet<>(known)));
    }

    private static Optional<String> of(String wrong, Collection<String> known) {
        return List.copyOf(known).stream()
                .filter(word -> distance(wrong, word) <= Math.max(1, word.length() / 3) || word.endsWith("-" + wrong))
                .min(Comparator.comparingInt((String word) -> distance(wrong, word))
                        .thenComparing(word -> word));
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
