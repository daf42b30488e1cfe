package org.colleaguesearch.tooling.check;

import java.util.Optional;
import java.util.Set;
import org.colleaguesearch.tooling.check.JqTokens.Token;

/**
 * Finds the first name of a jq program that stands for nothing where it is used: jq's compiler in Java does not look. It is
 * a variable, as {@code $name}; a function with the number of its arguments, as {@code name/1}; a format, as
 * {@code @name/0}; or a label, as {@code break $name}. One for each program.
 */
final class JqNames {
    private static final Set<String> WORDS =
            Set.of("and", "or", "reduce", "foreach", "try", "catch", "true", "false", "null", "module");
    private static final String LABEL = "break ";

    private final JqReader tokens;
    private final JqScopes scopes;
    private UnknownJqName unknown;

    private JqNames(JqReader tokens, Set<String> builtIn) {
        this.tokens = tokens;
        this.scopes = new JqScopes(builtIn);
    }

    /**
     * In a program that compiles. Nothing in one that is not understood here as it is there, or does not compile.
     *
     * @param builtIn functions that there are, as {@code name/1}, or {@code name} for any number of arguments
     */
    static Optional<UnknownJqName> firstUnknown(String program, Set<String> builtIn) {
        JqNames names = new JqNames(new JqReader(JqTokens.of(program)), builtIn);
        while (!names.tokens.isAtEnd()) {
            names.read(names.tokens.take());
        }
        return names.scopes.isClosed() ? Optional.ofNullable(names.unknown) : Optional.empty();
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
            case "label" -> scopes.bind(LABEL + tokens.take().text());
            case "import", "include" -> nothing(token);
            case "break" -> {
                Token label = tokens.take();
                look(LABEL + label.text(), label);
            }
            default -> {
                if (!WORDS.contains(token.text())) {
                    call(token);
                }
            }
        }
    }

    private void call(Token function) {
        if (tokens.isNext("(")) {
            tokens.take();
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
        Set<String> variables = JqBindings.pattern(tokens);
        if (tokens.take().is("|")) {
            variables.forEach(scopes::bind);
        } else {
            scopes.openLoop(variables);
        }
    }

    /** {@code def name(a; $b): …;}, which can call itself. */
    private void definition() {
        JqBindings.Definition function = JqBindings.definition(tokens);
        scopes.bind(function.name() + "/" + function.parameters().size());
        scopes.open("def");
        function.parameters().forEach(scopes::bind);
    }

    /** There is nothing to import. */
    private void nothing(Token word) {
        look(word.text(), word);
        while (!tokens.isAtEnd() && !tokens.isNext(";")) {
            tokens.take();
        }
    }

    /** {@code {here: 1, here}}. */
    private boolean isKey() {
        return scopes.isIn("{") && (tokens.before().is("{") || tokens.before().is(","));
    }

    private void look(String name, Token token) {
        if (unknown == null && !scopes.isKnown(name)) {
            unknown = new UnknownJqName(name, token.at(), scopes.known());
        }
    }
}
