package org.colleaguesearch.tooling.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.colleaguesearch.tooling.check.JqTokens.Token;

/**
 * Which names stand for something at a place of a jq program: those that are built in, and those that are bound in what is
 * open there, such as a bracket, an {@code if} or a {@code def}. What is bound in a part of it ends with the part, at
 * {@code ;} or {@code then} say. For one program.
 */
final class JqScopes {
    /** Something that is open. */
    static final class Scope {
        private final String opened;
        private final Token call;
        private final Set<String> later;
        private final Set<String> names = new HashSet<>();
        private int parts = 1;

        private Scope(String opened, Token call, Set<String> later) {
            this.opened = opened;
            this.call = call;
            this.later = later;
        }

        /** The function that has its arguments in it, or null. */
        Token call() {
            return call;
        }

        int parts() {
            return parts;
        }
    }

    private final Set<String> builtIn;
    private final Deque<Scope> scopes = new ArrayDeque<>();
    private boolean isClosedTooOften;

    /** Of a program that has not begun. */
    JqScopes(Set<String> builtIn) {
        this.builtIn = builtIn;
        open("");
    }

    void open(String opened) {
        scopes.push(new Scope(opened, null, Set.of()));
    }

    void openCall(Token function) {
        scopes.push(new Scope("(", function, Set.of()));
    }

    /** Of reduce or foreach, whose names are bound in all parts but the first. */
    void openLoop(Set<String> names) {
        scopes.push(new Scope("(", null, names));
    }

    boolean isIn(String opened) {
        return scopes.peek().opened.equals(opened);
    }

    void beginPart() {
        Scope scope = scopes.peek();
        scope.parts++;
        scope.names.clear();
        scope.names.addAll(scope.later);
    }

    /** What is open last. The program itself stays open. */
    Scope close() {
        isClosedTooOften |= scopes.size() == 1;
        return scopes.size() == 1 ? scopes.peek() : scopes.pop();
    }

    /** Whether all that was opened is closed, as at the end of a program that was read as jq reads it. */
    boolean isClosed() {
        return scopes.size() == 1 && !isClosedTooOften;
    }

    void bind(String name) {
        scopes.peek().names.add(name);
    }

    /** A function has the number of its arguments behind it, and can be built in for any number. */
    boolean isKnown(String name) {
        return builtIn.contains(name)
                || builtIn.contains(name.replaceFirst("/\\d+$", ""))
                || scopes.stream().anyMatch(scope -> scope.names.contains(name));
    }

    Set<String> known() {
        Set<String> known = new TreeSet<>(builtIn);
        scopes.forEach(scope -> known.addAll(scope.names));
        return known;
    }
}
