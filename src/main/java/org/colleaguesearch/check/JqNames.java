package org.colleaguesearch.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.colleaguesearch.check.JqTokens.Token;

/**
 * Finds the first name of a jq program that stands for nothing where it is used: jq's compiler in Java does not look. It is
 * a variable, as {@code $name}; a function with the number of its arguments, as {@code name/1}; a format, as
 * {@code @name/0}; or a label, as {@code break $name}. One for each program.
 */
final class JqNames {
    private static final Set<String> WORDS = Set.of(
            "if", "then", "elif", "else", "end", "and", "or", "reduce", "foreach", "as", "def", "try", "catch", "label",
            "break", "true", "false", "null");
    private static final String LABEL = "break ";

    /** A name that stands for nothing, and those that do there. */
    record Unknown(String name, int at, Set<String> known) {}

    /**
     * What is open: a bracket, an if, a definition. A bracket can be that of a {@code call}. {@code names} are bound in the
     * part that has begun, {@code later} ones in all parts but the first.
     */
    private static final class Scope {
        private final String opened;
        private final Token call;
        private final Set<String> names = new HashSet<>();
        private final Set<String> later;
        private int parts = 1;

        Scope(String opened, Token call, Set<String> later) {
            this.opened = opened;
            this.call = call;
            this.later = later;
        }

        /** What was bound in the part before is no longer. */
        void begin() {
            parts++;
            names.clear();
            names.addAll(later);
        }
    }

    private final List<Token> tokens;
    private final Set<String> builtIn;
    private final Deque<Scope> scopes = new ArrayDeque<>();
    private int next;
    private Unknown unknown;

    private JqNames(List<Token> tokens, Set<String> builtIn) {
        this.tokens = tokens;
        this.builtIn = builtIn;
        open("", null, Set.of());
    }

    /**
     * In a program that compiles.
     *
     * @param builtIn functions that there are, as {@code name/1}, or {@code name} for any number of arguments
     */
    static Optional<Unknown> firstUnknown(String program, Set<String> builtIn) {
        JqNames names = new JqNames(JqTokens.of(program), builtIn);
        while (names.next < names.tokens.size() && names.unknown == null) {
            names.read(names.tokens.get(names.next++));
        }
        return Optional.ofNullable(names.unknown);
    }

    private void read(Token token) {
        if (token.isVariable()) {
            look(token.text(), token);
        } else if (token.text().length() > 1 && token.text().charAt(0) == '@') {
            look(token.text() + "/0", token);
        } else if (token.isName()) {
            if (!isKey()) {
                name(token);
            }
        } else {
            sign(token.text());
        }
    }

    private void sign(String sign) {
        switch (sign) {
            case "(", "[", "{", "\\(" -> open(sign, null, Set.of());
            case ")", "]", "}" -> close();
            case ";" -> {
                if (scopes.peek().opened.equals("def")) {
                    scopes.pop();
                } else {
                    scopes.peek().begin();
                }
            }
            case ",", ":" -> {
                if ((sign + scopes.peek().opened).matches(",\\{|:\\[")) {
                    scopes.peek().begin();
                }
            }
            default -> {
                // Binds nothing.
            }
        }
    }

    private void name(Token token) {
        switch (token.text()) {
            case "if" -> open("if", null, Set.of());
            case "then", "elif", "else" -> scopes.peek().begin();
            case "end" -> scopes.pop();
            case "as" -> pattern();
            case "def" -> definition();
            case "label" -> bind(LABEL + tokens.get(next++).text());
            // There is nothing to import.
            case "import", "include" -> unknown = new Unknown(token.text(), token.at(), Set.of());
            case "break" -> look(LABEL + tokens.get(next).text(), tokens.get(next++));
            default -> {
                if (!WORDS.contains(token.text())) {
                    call(token);
                }
            }
        }
    }

    private void call(Token function) {
        if (isNext("(")) {
            next++;
            open("(", function, Set.of());
        } else {
            look(function.text() + "/0", function);
        }
    }

    private void close() {
        Scope closed = scopes.pop();
        if (closed.call != null) {
            look(closed.call.text() + "/" + closed.parts, closed.call);
        }
    }

    /** {@code as [$a, {b: $c}] |} binds for what follows, {@code as $a (…; …)} for what is in the brackets. */
    private void pattern() {
        Set<String> names = new HashSet<>();
        int depth = 0;
        int round = 0;
        for (; !(depth == 0 && (isNext("|") || isNext("("))); next++) {
            Token token = tokens.get(next);
            depth += "[{(".contains(token.text()) ? 1 : "]})".contains(token.text()) ? -1 : 0;
            round += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            if (token.isVariable() && round == 0) {
                names.add(token.text());
            }
        }
        if (tokens.get(next++).is("|")) {
            names.forEach(this::bind);
        } else {
            open("(", null, names);
        }
    }

    /** {@code def name(a; $b): …;}, which can call itself. */
    private void definition() {
        String name = tokens.get(next++).text();
        List<String> parameters = new ArrayList<>();
        for (; !isNext(":"); next++) {
            Token token = tokens.get(next);
            if (token.isVariable()) {
                parameters.add(token.text());
            } else if (token.isName()) {
                parameters.add(token.text() + "/0");
            }
        }
        next++;
        bind(name + "/" + parameters.size());
        open("def", null, Set.of());
        parameters.forEach(this::bind);
    }

    private void open(String opened, Token call, Set<String> later) {
        scopes.push(new Scope(opened, call, later));
    }

    private void bind(String name) {
        scopes.peek().names.add(name);
    }

    private boolean isNext(String text) {
        return next < tokens.size() && tokens.get(next).is(text);
    }

    /** {@code {here: 1, here}}. */
    private boolean isKey() {
        Token before = next < 2 ? null : tokens.get(next - 2);
        return scopes.peek().opened.equals("{") && (before.is("{") || before.is(","));
    }

    private void look(String name, Token token) {
        boolean isKnown = builtIn.contains(name)
                || builtIn.contains(name.replaceFirst("/\\d+$", ""))
                || scopes.stream().anyMatch(scope -> scope.names.contains(name));
        if (!isKnown) {
            Set<String> known = new TreeSet<>(builtIn);
            scopes.forEach(scope -> known.addAll(scope.names));
            unknown = new Unknown(name, token.at(), known);
        }
    }
}
