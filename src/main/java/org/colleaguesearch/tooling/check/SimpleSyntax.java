package org.colleaguesearch.tooling.check;

import java.text.SimpleDateFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.language.simple.SimpleExpressionParser;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;

/** Camel's compiler of simple expressions, without the application. For one thread. */
final class SimpleSyntax {
    /** A text in quotes, and Camel's operator if it stands behind that. */
    private static final Pattern QUOTED = Pattern.compile("([ !]regex\\s+)?(['\"])(.*?)\\2", Pattern.DOTALL);

    /** The pattern of a date, behind what date it is and maybe its time zone. */
    private static final Pattern DATE = Pattern.compile("\\$\\{date(?:-with-timezone:[^:{}]+)?:[^:{}]+:([^{}]+)}");

    /** The compiler looks up other languages in it. Never started, so that there is nothing to stop. */
    private final CamelContext camel = new DefaultCamelContext();

    /** What is wrong with a text; nothing, if it compiles. */
    Optional<WrongExpression> wrong(String text, boolean isPredicate) {
        try {
            if (isPredicate) {
                new SimplePredicateParser(camel, text, true, null).parsePredicate();
                return wrongRegex(text).or(() -> wrongDate(text));
            }
            new SimpleExpressionParser(camel, text, true, null).parseExpression();
            return wrongDate(text);
        } catch (SimpleIllegalSyntaxException e) {
            return Optional.of(WrongExpression.at(
                    text,
                    e.getIndex(),
                    line(e.getShortMessage()) + ", at letter " + (e.getIndex() + 1) + " of " + text));
        } catch (RuntimeException e) {
            return Optional.of(new WrongExpression(1, 1, line(e.getMessage()) + " in " + text));
        }
    }

    /** Camel compiles these when they run. One with an expression in it is known then. */
    private static Optional<WrongExpression> wrongRegex(String text) {
        Matcher quoted = QUOTED.matcher(text);
        while (quoted.find()) {
            if (quoted.group(1) == null || quoted.group(3).contains("${")) {
                continue;
            }
            try {
                Pattern.compile(quoted.group(3));
            } catch (PatternSyntaxException e) {
                return Optional.of(WrongExpression.at(text, quoted.start(3) + Math.max(0, e.getIndex()), Reason.of(e)));
            }
        }
        return Optional.empty();
    }

    /** Camel reads these when they run, too. */
    private static Optional<WrongExpression> wrongDate(String text) {
        Matcher date = DATE.matcher(text);
        while (date.find()) {
            try {
                new SimpleDateFormat(date.group(1), Locale.ROOT);
            } catch (IllegalArgumentException e) {
                return Optional.of(WrongExpression.at(
                        text,
                        date.start(1),
                        "the date pattern " + date.group(1) + " is wrong (" + line(e.getMessage()) + ")"));
            }
        }
        return Optional.empty();
    }

    private static String line(String message) {
        return message == null
                ? "it is not understood"
                : message.lines().findFirst().orElse("");
    }
}
