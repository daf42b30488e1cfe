package org.colleaguesearch.tooling.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The API's answers in a dry run, by the position of the person: one answer, or one per page. The calling threads add
 * answers, each for a different person. Only as much is kept as is shown.
 */
public final class Answers {
    private static final TextNode MORE = new TextNode("… and more pages");

    private final ConcurrentHashMap<Integer, Shown> people = new ConcurrentHashMap<>();

    /** Adds an answer for a person. */
    void add(int person, JsonNode answer) {
        people.computeIfAbsent(person, position -> new Shown()).add(answer);
    }

    /** The answers of a person, in order. */
    List<JsonNode> of(int person) {
        Shown shown = people.get(person);
        return shown == null ? List.of() : shown.all();
    }

    private static final class Shown {
        private final List<JsonNode> answers = new ArrayList<>();
        private int characters;

        synchronized void add(JsonNode answer) {
            if (characters >= Excerpt.LONGEST) {
                if (!MORE.equals(answers.getLast())) {
                    answers.add(MORE);
                }
                return;
            }
            JsonNode excerpt = Excerpt.of(answer);
            characters += excerpt.toString().length();
            answers.add(excerpt);
        }

        synchronized List<JsonNode> all() {
            return List.copyOf(answers);
        }
    }
}
