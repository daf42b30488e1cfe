package org.colleaguesearch.web;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.colleaguesearch.web.ProblemException.Fault;

/** Finds text that UTF-8 or a database cannot store: with NUL, or with an unpaired surrogate. */
final class Texts {
    static final String BAD = "contains NUL or an unpaired surrogate";

    private Texts() {}

    static boolean areBad(String text) {
        return text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Finds the first such texts, including field names. Recursive: the parser has limited the depth of the tree. */
    static void find(JsonNode node, JsonPointer at, List<Fault> found) {
        if (found.size() > ProblemException.MAX_FAULTS) {
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
