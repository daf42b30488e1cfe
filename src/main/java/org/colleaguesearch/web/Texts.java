package org.colleaguesearch.web;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.colleaguesearch.web.ProblemException.Fault;

/** Finds text that UTF-8 or a database cannot hold: with NUL, or with half a surrogate pair. */
final class Texts {
    static final String BAD = "contains NUL or half a surrogate pair";

    private Texts() {}

    static boolean areBad(String text) {
        return text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Finds the first such texts, including field names, in a tree whose depth its reader has limited. */
    static void find(JsonNode node, JsonPointer at, List<Fault> found) {
        if (found.size() > ProblemException.MOST_FAULTS) {
            return;
        }
        if (node.isTextual() && areBad(node.textValue())) {
            found.add(new Fault(at.toString(), BAD));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            find(node.get(i), at.appendIndex(i), found);
        }
        node.properties().forEach(property -> {
            JsonPointer name = at.appendProperty(property.getKey());
            if (areBad(property.getKey())) {
                found.add(new Fault(name.toString(), BAD));
            }
            find(property.getValue(), name, found);
        });
    }
}
