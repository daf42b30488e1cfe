package org.colleaguesearch.people;

import java.io.Serializable;

/** A colleague, as listed by an API. {@code id} is any unique text; {@code name} need not be unique. */
public record Person(String id, String name) implements Serializable {
    static final String MADE_UP = "demo:";

    /** Whether an id belongs to a made-up colleague. The shipped {@code demo/people.jsonl} has only such ids. */
    public static boolean isMadeUp(String id) {
        return id.startsWith(MADE_UP);
    }
}
