package org.colleaguesearch.web;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.colleaguesearch.web.ProblemException.Fault;

/** Texts that no database and no UTF-8 can hold: with a NUL, or with half a surrogate pair. */
final class Texts {
    static final String BAD = "contains NUL or half a surrogate pair";

    private Texts() {}

    static boolean areBad(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\0' || Character.isLowSurrogate(c)) {
                return true;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Finds the first such texts, names of fields among them, in a tree that is no deeper than its reader allows. */
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
