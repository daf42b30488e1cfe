package org.colleaguesearch.check;

import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.language.simple.SimpleExpressionParser;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;

/** Camel's compiler of simple expressions, without the application. For one thread. */
final class SimpleSyntax {
    /** The compiler looks up other languages in it. Never started, so that there is nothing to stop. */
    private final CamelContext camel = new DefaultCamelContext();

    /** What is wrong with a text; nothing, if it compiles. */
    Optional<WrongExpression> wrong(String text, boolean isPredicate) {
        try {
            if (isPredicate) {
                new SimplePredicateParser(camel, text, true, null).parsePredicate();
            } else {
                new SimpleExpressionParser(camel, text, true, null).parseExpression();
            }
            return Optional.empty();
        } catch (SimpleIllegalSyntaxException e) {
            return Optional.of(WrongExpression.at(
                    text,
                    e.getIndex(),
                    line(e.getShortMessage()) + ", at letter " + (e.getIndex() + 1) + " of " + text));
        } catch (RuntimeException e) {
            return Optional.of(new WrongExpression(1, 1, line(e.getMessage()) + " in " + text));
        }
    }

    private static String line(String message) {
        return message == null
                ? "it is not understood"
                : message.lines().findFirst().orElse("");
    }
}
