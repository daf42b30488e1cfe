package org.colleaguesearch.check;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** The compiler of jq that Camel uses. */
final class JqSyntax {
    private static final Pattern PLACE = Pattern.compile("(.*?) at line (\\d+), column (\\d+).*", Pattern.DOTALL);

    private JqSyntax() {}

    /** Where in a program it does not compile, counted from 1, and why, in a line. */
    record Wrong(int line, int column, String text) {}

    static Optional<Wrong> wrong(String program) {
        try {
            JsonQuery.compile(program, Versions.JQ_1_7);
            return Optional.empty();
        } catch (JsonQueryException | RuntimeException e) {
            return Optional.of(wrong(e));
        }
    }

    private static Wrong wrong(Exception e) {
        // The parser's own message has the place.
        String message = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
        Matcher place = PLACE.matcher(message);
        String why = message.lines().findFirst().orElse("");
        return place.matches()
                ? new Wrong(Integer.parseInt(place.group(2)), Integer.parseInt(place.group(3)), place.group(1))
                : new Wrong(1, 1, why);
    }
}
