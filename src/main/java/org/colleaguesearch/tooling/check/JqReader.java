package org.colleaguesearch.tooling.check;

import java.util.List;
import org.colleaguesearch.tooling.check.JqTokens.Token;

/** Reads the words and signs of a jq program once, from the first to the last. One for each program. */
final class JqReader {
    /** What is read beyond the last. It is like no other. */
    private static final Token END = new Token("\n", 0);

    private final List<Token> tokens;
    private int next;

    JqReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    boolean isAtEnd() {
        return next >= tokens.size();
    }

    Token take() {
        return isAtEnd() ? END : tokens.get(next++);
    }

    boolean isNext(String text) {
        return !isAtEnd() && tokens.get(next).is(text);
    }

    /** Before the one that was taken last. */
    Token before() {
        return next < 2 ? END : tokens.get(next - 2);
    }
}
