package org.colleaguesearch.demo;

/** Made-up colleagues: all those in the shipped {@code demo/people.jsonl}, and nobody else. */
public final class MadeUp {
    /** What their ids begin with. */
    public static final String PREFIX = "demo:";

    private MadeUp() {}

    /** Whether an id belongs to one. */
    public static boolean is(String id) {
        return id.startsWith(PREFIX);
    }
}
