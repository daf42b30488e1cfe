package org.colleaguesearch.tooling.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a jq program that compiles into words and signs, without spaces and comments. Of a text, {@code "a\(.b)c"}, there is
 * one {@code "}, and what it has in brackets: {@code \(}, {@code .b}, {@code )}. One for each program.
 */
final class JqTokens {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s+|#[^\\n]*|\\.\\.|[$@.]?[A-Za-z_]\\w*(?:::\\w+)*|\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|.", Pattern.DOTALL);

    /** At a letter of the program, counted from 0. */
    record Token(String text, int at) {
        boolean is(String other) {
            return text.equals(other);
        }

        /** A function or a word of the language. */
        boolean isName() {
            return Character.isLetter(text.charAt(0)) || text.charAt(0) == '_';
        }

        boolean isVariable() {
            return text.length() > 1 && text.charAt(0) == '$';
        }

        /** A bracket of any kind, also within a text. */
        boolean opens() {
            return is("(") || is("[") || is("{") || is("\\(");
        }

        boolean closes() {
            return is(")") || is("]") || is("}");
        }
    }

    private final String program;
    private final List<Token> tokens = new ArrayList<>();
    /** Of the texts that are open: how many brackets are, within theirs. */
    private final Deque<Integer> depths = new ArrayDeque<>();

    private int depth;

    private JqTokens(String program) {
        this.program = program;
    }

    static List<Token> of(String program) {
        JqTokens cut = new JqTokens(program);
        Matcher token = TOKEN.matcher(program);
        int at = 0;
        while (at < program.length() && token.find(at)) {
            at = cut.next(token.group(), at);
        }
        return cut.tokens;
    }

    /** Where it goes on. */
    private int next(String text, int at) {
        if (text.isBlank() || text.charAt(0) == '#') {
            return at + text.length();
        }
        tokens.add(new Token(text, at));
        if (text.equals("\"")) {
            return text(at + 1);
        }
        if (text.equals("(")) {
            depth++;
        } else if (text.equals(")")) {
            if (depth == 0 && !depths.isEmpty()) {
                depth = depths.pop();
                return text(at + 1);
            }
            depth--;
        }
        return at + text.length();
    }

    /** Behind a text, or where its next brackets open. */
    private int text(int start) {
        for (int i = start; i < program.length(); i++) {
            if (program.charAt(i) == '"') {
                return i + 1;
            }
            if (program.charAt(i) == '\\') {
                i++;
                if (program.startsWith("(", i)) {
                    tokens.add(new Token("\\(", i));
                    depths.push(depth);
                    depth = 0;
                    return i + 1;
                }
            }
        }
        return program.length();
    }
}
