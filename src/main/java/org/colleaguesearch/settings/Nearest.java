package org.colleaguesearch.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** Suggests known words for an unknown one. */
public final class Nearest {
    /** How many known words are listed. */
    private static final int MOST = 12;

    private static final DamerauLevenshteinDistance DISTANCE = new DamerauLevenshteinDistance();

    private Nearest() {}

    /** The end of a message: the word that was probably meant, else the known ones. */
    public static String remedy(String word, Collection<String> known) {
        return meant(word, known).map(near -> "; did you mean '" + near + "'?").orElseGet(() -> all(known));
    }

    /** The most similar known word, if it differs by at most a third of its letters and at most three. */
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
            return "; none is known";
        }
        String listed = String.join(", ", sorted.stream().limit(MOST).toList());
        return (sorted.size() == 1 ? "; expected " : "; expected one of: ")
                + listed
                + (sorted.size() > MOST ? ", …" : "");
    }

    private static String small(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    /** The number of letters to insert, delete, replace or swap. */
    private static int distance(String one, String other) {
        return DISTANCE.apply(one, other);
    }
}
