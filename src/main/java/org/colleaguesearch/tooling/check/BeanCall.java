package org.colleaguesearch.tooling.check;

import java.lang.reflect.Method;
import java.util.List;

/**
 * A method as routes name it: {@code end(${variable.run})}, or its name only.
 *
 * @param arguments how many are given, or -1 where Camel finds them
 * @param isClosed whether brackets and quotes end that begin
 */
record BeanCall(String method, int arguments, boolean isClosed) {
    private static final int FOUND = -1;

    static BeanCall of(String text) {
        int open = text.indexOf('(');
        return open < 0
                ? new BeanCall(text.strip(), FOUND, text.indexOf(')') < 0)
                : of(text.substring(0, open).strip(), text.substring(open + 1).stripTrailing());
    }

    /** Commas part arguments, but for those in quotes, and in the brackets of what an argument is made of. */
    private static BeanCall of(String method, String rest) {
        int count = 1;
        int depth = 1;
        char quote = 0;
        boolean isClosed = rest.endsWith(")");
        for (int i = 0; i < rest.length(); i++) {
            char letter = rest.charAt(i);
            if (quote != 0) {
                quote = letter == quote ? 0 : quote;
            } else if (letter == '\'' || letter == '"') {
                quote = letter;
            } else if ("({[".indexOf(letter) >= 0) {
                depth++;
            } else if (")}]".indexOf(letter) >= 0) {
                depth--;
                isClosed &= depth > 0 || i == rest.length() - 1;
            } else if (letter == ',' && depth == 1) {
                count++;
            }
        }
        return new BeanCall(method, rest.replace(")", "").isBlank() ? 0 : count, isClosed && depth == 0 && quote == 0);
    }

    /** For messages. */
    String unclosed() {
        String name = method.replace(")", "");
        return "the brackets or quotes of the call of " + name + " are not closed: write it as " + name
                + "(${body}, 'text')";
    }

    boolean fitsOneOf(List<Method> methods) {
        return arguments == FOUND
                || methods.stream().anyMatch(method -> method.getParameterCount() == arguments || method.isVarArgs());
    }
}
