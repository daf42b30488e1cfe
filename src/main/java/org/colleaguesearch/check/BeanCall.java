package org.colleaguesearch.check;

import java.lang.reflect.Method;
import java.util.List;

/**
 * A method as routes name it: {@code end(${variable.run})}, or its name only.
 *
 * @param arguments how many are given, or -1 where Camel finds them
 */
record BeanCall(String method, int arguments) {
    private static final int FOUND = -1;

    static BeanCall of(String text) {
        int open = text.indexOf('(');
        return open < 0
                ? new BeanCall(text.strip(), FOUND)
                : new BeanCall(text.substring(0, open).strip(), arguments(text.substring(open + 1)));
    }

    /** Commas part arguments, but for those in quotes, and in the brackets of what an argument is made of. */
    private static int arguments(String text) {
        if (text.replace(")", "").isBlank()) {
            return 0;
        }
        int count = 1;
        int depth = 0;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (quote != 0) {
                quote = letter == quote ? 0 : quote;
            } else if (letter == '\'' || letter == '"') {
                quote = letter;
            } else if ("({[".indexOf(letter) >= 0) {
                depth++;
            } else if (")}]".indexOf(letter) >= 0) {
                depth--;
            } else if (letter == ',' && depth == 0) {
                count++;
            }
        }
        return count;
    }

    boolean fitsOneOf(List<Method> methods) {
        return arguments == FOUND
                || methods.stream().anyMatch(method -> method.getParameterCount() == arguments || method.isVarArgs());
    }
}
