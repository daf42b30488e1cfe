package org.colleaguesearch.failure;

import java.util.Objects;
import java.util.stream.Stream;

/** What failures say of themselves and of what caused them. */
public final class Causes {
    /** A chain of causes can be a circle. */
    private static final int MOST = 50;

    private Causes() {}

    /** A failure and its causes, outermost first; none of null. */
    public static Stream<Throwable> of(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(MOST);
    }

    /** The first line of the message of the deepest cause, or its name. */
    public static String deepest(Throwable failure) {
        return line(of(failure).reduce((outer, inner) -> inner).orElseThrow());
    }

    /** The first line of a failure's message, or where that is empty, its name. */
    public static String line(Throwable failure) {
        String message = failure.getMessage() == null
                ? ""
                : failure.getMessage().lines().findFirst().orElse("");
        return message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }
}
