package org.colleaguesearch.tooling.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What is shown of something that may be huge. */
final class Excerpt {
    /** Characters of JSON or of lines of CSV; what is more, is left out. */
    static final int LONGEST = 50_000;

    private Excerpt() {}

    /** The value itself; or where its JSON is too long, or holds half a character, the beginning of it as a text. */
    static JsonNode of(JsonNode value) {
        String json = value.toString();
        return json.length() <= LONGEST && StandardCharsets.UTF_8.newEncoder().canEncode(json)
                ? value
                : new TextNode(cut(json, LONGEST, "more characters"));
    }

    /** The lines, or where they are too long together, the first of them, the last of which says how many there are. */
    static List<String> of(List<String> lines) {
        List<String> first = new ArrayList<>();
        int room = LONGEST;
        for (String line : lines) {
            if (line.length() > room) {
                first.add(cut(line, room, "more characters in this one of %d rows".formatted(lines.size())));
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
        // Half a character becomes a question mark.
        return new String(begin.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
