package org.colleaguesearch.meaning;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Splits a text into the pieces of words that the model knows, as the model was trained: BERT's tokeniser without case
 * (Devlin et al. 2018, and {@code tokenizer.json} of the model). Immutable.
 */
final class WordPieces {
    static final long BEGIN = 101;
    static final long END = 102;
    private static final long UNKNOWN = 100;

    /** In characters. A longer word is unknown to the model. */
    private static final int LONGEST_WORD = 100;

    private static final Pattern REMOVED = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\p{Cs}\uFFFD&&[^\\t\\n\\r]]");
    private static final Pattern ACCENTS = Pattern.compile("\\p{Mn}");

    /** Words, and each sign by itself: all of ASCII that is neither letter nor digit, punctuation, and Chinese characters. */
    private static final Pattern WORDS = Pattern.compile("[\\p{P}!-/:-@\\[-`{-~\\x{4E00}-\\x{9FFF}\\x{3400}-\\x{4DBF}"
            + "\\x{20000}-\\x{2A6DF}\\x{2A700}-\\x{2CEAF}\\x{F900}-\\x{FAFF}\\x{2F800}-\\x{2FA1F}]"
            + "|[^\\s\\p{Z}\\p{P}!-/:-@\\[-`{-~\\x{4E00}-\\x{9FFF}\\x{3400}-\\x{4DBF}"
            + "\\x{20000}-\\x{2A6DF}\\x{2A700}-\\x{2CEAF}\\x{F900}-\\x{FAFF}\\x{2F800}-\\x{2FA1F}]+");

    private final Map<String, Long> numbers = new HashMap<>();

    /** @param tokenizer the model's {@code tokenizer.json} */
    WordPieces(JsonNode tokenizer) {
        tokenizer
                .at("/model/vocab")
                .properties()
                .forEach(piece -> numbers.put(piece.getKey(), piece.getValue().asLong()));
    }

    /** The numbers of the pieces of a text, without those that begin and end the model's input. */
    List<Long> of(String text) {
        String clean = REMOVED.matcher(text).replaceAll("");
        String plain = ACCENTS.matcher(Normalizer.normalize(clean, Normalizer.Form.NFD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        List<Long> pieces = new ArrayList<>();
        WORDS.matcher(plain).results().forEach(word -> addPieces(word.group(), pieces));
        return pieces;
    }

    /** The longest known beginning, then the longest known continuation, and so on; or one unknown word. */
    private void addPieces(String word, List<Long> pieces) {
        if (word.codePointCount(0, word.length()) > LONGEST_WORD) {
            pieces.add(UNKNOWN);
            return;
        }
        int before = pieces.size();
        for (int from = 0; from < word.length(); ) {
            int to = word.length();
            Long number = null;
            while (to > from && (number = numbers.get((from == 0 ? "" : "##") + word.substring(from, to))) == null) {
                to--;
            }
            if (number == null) {
                pieces.subList(before, pieces.size()).clear();
                pieces.add(UNKNOWN);
                return;
            }
            pieces.add(number);
            from = to;
        }
    }
}
