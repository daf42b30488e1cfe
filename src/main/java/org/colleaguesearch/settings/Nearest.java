package org.colleaguesearch.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** What a word that is unknown may have been meant to be. */
public final class Nearest {
    /** Of known words that are listed. */
    private static final int MOST = 12;

    private static final DamerauLevenshteinDistance DISTANCE = new DamerauLevenshteinDistance();

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
        return DISTANCE.apply(one, other);
    }
}
