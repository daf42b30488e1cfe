package org.colleaguesearch.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the functions that a jq program calls and does not define: jq's compiler in Java does not look whether there are
 * such. Calls within texts, {@code "\(length)"}, are passed over. One for each program.
 */
final class JqCalls {
    private static final Set<String> WORDS = Set.of(
            "if", "then", "elif", "else", "end", "and", "or", "reduce", "foreach", "as", "def", "try", "catch", "label",
            "break", "import", "include", "true", "false", "null");
    private static final Pattern DEFINITION = Pattern.compile("\\bdef\\s+(\\w+)\\s*(?:\\(([^)]*)\\))?\\s*:");

    /** A call, at a letter of the program, counted from 0. */
    record Call(String name, int at) {}

    private final String program;
    private final Set<String> defined = new HashSet<>();
    private final List<Call> calls = new ArrayList<>();
    private final Deque<Character> open = new ArrayDeque<>();
    private int at;
    /** The last letter that is neither space nor comment. */
    private char last;

    private JqCalls(String program) {
        this.program = program;
        Matcher definition = DEFINITION.matcher(program);
        while (definition.find()) {
            defined.add(definition.group(1));
            if (definition.group(2) != null) {
                defined.addAll(List.of(definition.group(2).strip().split("\\s*;\\s*")));
            }
        }
    }

    /** In a program that compiles. */
    static List<Call> in(String program) {
        JqCalls found = new JqCalls(program);
        while (found.at < program.length()) {
            found.next();
        }
        return found.calls;
    }

    private void next() {
        char letter = program.charAt(at);
        if (letter == '#') {
            int end = program.indexOf('\n', at);
            at = end < 0 ? program.length() : end;
        } else if (Character.isWhitespace(letter)) {
            at++;
        } else if (Character.isLetter(letter) || letter == '_') {
            name();
        } else {
            if (letter == '"') {
                at = endOfText(at);
            } else if ("([{".indexOf(letter) >= 0) {
                open.push(letter);
            } else if (")]}".indexOf(letter) >= 0) {
                open.pop();
            }
            last = letter;
            at++;
        }
    }

    private void name() {
        int start = at;
        while (at < program.length() && (Character.isLetterOrDigit(program.charAt(at)) || program.charAt(at) == '_')) {
            at++;
        }
        String name = program.substring(start, at);
        boolean isPartOfAnother = start > 0 && ".$@:0123456789".indexOf(program.charAt(start - 1)) >= 0;
        if (!isPartOfAnother && !isKey() && !WORDS.contains(name) && !defined.contains(name)) {
            calls.add(new Call(name, start));
        }
        last = program.charAt(at - 1);
    }

    /** {@code {here: 1, here}}. */
    private boolean isKey() {
        return !open.isEmpty() && open.peek() == '{' && (last == '{' || last == ',');
    }

    /** Where a text ends that begins here; within {@code \(…)} there may be others. */
    private int endOfText(int start) {
        int depth = 0;
        for (int i = start + 1; i < program.length(); i++) {
            char letter = program.charAt(i);
            if (letter == '\\') {
                i++;
                depth += i < program.length() && program.charAt(i) == '(' ? 1 : 0;
            } else if (depth > 0 && letter == '(') {
                depth++;
            } else if (depth > 0 && letter == ')') {
                depth--;
            } else if (letter == '"') {
                if (depth == 0) {
                    return i;
                }
                i = endOfText(i);
            }
        }
        return program.length() - 1;
    }
}
