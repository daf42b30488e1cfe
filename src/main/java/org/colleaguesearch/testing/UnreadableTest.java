package org.colleaguesearch.testing;

import java.util.List;

/** Test files that cannot be run. The message has a line a problem: {@code file:line:column: what is wrong, what to do}. */
public class UnreadableTest extends RuntimeException {
    UnreadableTest(List<String> lines) {
        super(String.join(System.lineSeparator(), lines));
    }

    UnreadableTest(String line) {
        this(List.of(line));
    }
}
