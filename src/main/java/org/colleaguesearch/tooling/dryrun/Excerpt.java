package org.colleaguesearch.tooling.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The part of a possibly huge value that is shown. */
final class Excerpt {
    /** Maximum characters of JSON or CSV. */
    static final int LONGEST = 50_000;

    private Excerpt() {}

    /** The value itself; if its JSON is too long or contains an unpaired surrogate, the start of its JSON as a text. */
    static JsonNode of(JsonNode value) {
        String json = value.toString();
        return json.length() <= LONGEST && StandardCharsets.UTF_8.newEncoder().canEncode(json)
                ? value
                : new TextNode(cut(json, LONGEST, "more characters"));
    }

    /** The lines; if they are too long together, the first of them, the last of which gives the total. */
    static List<String> of(List<String> lines) {
        List<String> first = new ArrayList<>();
        int room = LONGEST;
        for (String line : lines) {
            if (line.length() > room) {
                first.add(cut(line, room, "more characters in this row, %d rows in all".formatted(lines.size())));
                return first;
            }
            room -= line.length();
            first.add(line);
        }
        return first;
    }

    private static String cut(String text, int length, String what) {
        String begin = text.length() <= length
                ? text
                : text.substring(0, length) + "… and %d %s".formatted(text.length() - length, what);
        // An unpaired surrogate becomes a question mark.
        return new String(begin.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
