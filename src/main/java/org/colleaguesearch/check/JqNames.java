package org.colleaguesearch.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.colleaguesearch.check.JqTokens.Token;

/**
 * Finds the first name of a jq program that stands for nothing where it is used: jq's compiler in Java does not look. It is
 * a variable, as {@code $name}; a function with the number of its arguments, as {@code name/1}; a format, as
 * {@code @name/0}; or a label, as {@code break $name}. One for each program.
 */
final class JqNames {
    private static final Set<String> WORDS =
            Set.of("and", "or", "reduce", "foreach", "try", "catch", "true", "false", "null", "module");
    private static final String LABEL = "break ";

    /** A name that stands for nothing, and those that do there. */
    record Unknown(String name, int at, Set<String> known) {}

    private final List<Token> tokens;
    private final JqScopes scopes;
    private int next;
    private Unknown unknown;

    private JqNames(List<Token> tokens, Set<String> builtIn) {
        this.tokens = tokens;
        this.scopes = new JqScopes(builtIn);
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
            case "(", "[", "{", "\\(" -> scopes.open(sign);
            case ")", "]", "}" -> close();
            case ";" -> {
                if (scopes.isIn("def")) {
                    scopes.close();
                } else {
                    scopes.beginPart();
                }
            }
            case "," -> {
                if (scopes.isIn("{")) {
                    scopes.beginPart();
                }
            }
            case ":" -> {
                if (scopes.isIn("[")) {
                    scopes.beginPart();
                }
            }
            default -> {
                // Binds nothing.
            }
        }
    }

    private void name(Token token) {
        switch (token.text()) {
            case "if" -> scopes.open("if");
            case "then", "elif", "else" -> scopes.beginPart();
            case "end" -> scopes.close();
            case "as" -> pattern();
            case "def" -> definition();
            case "label" -> scopes.bind(LABEL + tokens.get(next++).text());
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
            scopes.openCall(function);
        } else {
            look(function.text() + "/0", function);
        }
    }

    private void close() {
        JqScopes.Scope closed = scopes.close();
        if (closed.call() != null) {
            look(closed.call().text() + "/" + closed.parts(), closed.call());
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
            names.forEach(scopes::bind);
        } else {
            scopes.openLoop(names);
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
        scopes.bind(name + "/" + parameters.size());
        scopes.open("def");
        parameters.forEach(scopes::bind);
    }

    private boolean isNext(String text) {
        return next < tokens.size() && tokens.get(next).is(text);
    }

    /** {@code {here: 1, here}}. */
    private boolean isKey() {
        Token before = next < 2 ? null : tokens.get(next - 2);
        return scopes.isIn("{") && (before.is("{") || before.is(","));
    }

    private void look(String name, Token token) {
        if (!scopes.isKnown(name)) {
            unknown = new Unknown(name, token.at(), scopes.known());
        }
    }
}
