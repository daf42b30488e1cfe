package org.colleaguesearch.people;

import java.io.Serializable;

/** A colleague, as the people API lists them. {@code id} is unique, any text; {@code name} need not be unique. */
public record Person(String id, String name) implements Serializable {
    static final String MADE_UP = "demo:";

    /** Whether an id is that of a made-up colleague, as all are in the shipped {@code demo/people.jsonl}. */
    public static boolean isMadeUp(String id) {
        return id.startsWith(MADE_UP);
    }
}
