package org.colleaguesearch.tooling.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.colleaguesearch.tooling.check.JqTokens.Token;

/** What binds names in a jq program, read from behind the word that begins it: {@code as} or {@code def}. */
final class JqBindings {
    /** {@code def name(a; $b):}, whose parameters are names as {@link JqNames} has them. */
    record Definition(String name, List<String> parameters) {}

    private JqBindings() {}

    /** The variables of {@code [$a, {b: $c}]}, up to the {@code |} or {@code (} behind it. */
    static Set<String> pattern(JqReader tokens) {
        Set<String> variables = new HashSet<>();
        int depth = 0;
        int round = 0;
        while (!tokens.isAtEnd() && !(depth == 0 && (tokens.isNext("|") || tokens.isNext("(")))) {
            Token token = tokens.take();
            switch (token.text()) {
                case "(", "\\(" -> round++;
                case ")" -> round--;
                default -> {
                    // A key in round brackets takes variables, and binds none.
                    if (token.isVariable() && round == 0) {
                        variables.add(token.text());
                    }
                }
            }
            depth += token.opens() ? 1 : token.closes() ? -1 : 0;
        }
        return variables;
    }

    /** Up to the {@code :} behind it. */
    static Definition definition(JqReader tokens) {
        String name = tokens.take().text();
        List<String> parameters = new ArrayList<>();
        while (!tokens.isAtEnd() && !tokens.isNext(":")) {
            Token token = tokens.take();
            if (token.isVariable()) {
                parameters.add(token.text());
            } else if (token.isName()) {
                parameters.add(token.text() + "/0");
            }
        }
        tokens.take();
        return new Definition(name, parameters);
    }
}
