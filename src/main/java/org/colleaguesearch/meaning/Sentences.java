package org.colleaguesearch.meaning;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The sentences of an item: those of its first text, such as the title, then those of the next. */
final class Sentences {
    /** In characters. The model reads about a fifth of that. */
    private static final int LONGEST_TEXT = 5_000;

    private Sentences() {}

    /**
     * The same for the same item, since their places are kept in the index.
     *
     * @param fields of the item; objects have no sentences
     */
    static List<String> of(JsonNode item, List<String> fields) {
        List<String> sentences = new ArrayList<>();
        for (String field : fields) {
            add(item.path(field), sentences);
        }
        return sentences;
    }

    private static void add(JsonNode value, List<String> sentences) {
        if (value.isArray()) {
            value.forEach(each -> add(each, sentences));
        } else if (value.isValueNode() && !value.isNull()) {
            add(value.asText(), sentences);
        }
    }

    private static void add(String text, List<String> sentences) {
        String read = text.substring(0, Math.min(text.length(), LONGEST_TEXT));
        BreakIterator ends = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        ends.setText(read);
        for (int from = ends.first(), to = ends.next(); to != BreakIterator.DONE; from = to, to = ends.next()) {
            String sentence = read.substring(from, to).strip();
            if (!sentence.isEmpty()) {
                sentences.add(sentence);
            }
        }
    }
}
