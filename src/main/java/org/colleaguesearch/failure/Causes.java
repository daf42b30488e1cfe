package org.colleaguesearch.failure;

import java.util.Objects;
import java.util.stream.Stream;

/** The causes of failures, and their messages. */
public final class Causes {
    /** A chain of causes can be circular. */
    private static final int MAX_DEPTH = 50;

    private Causes() {}

    /** A failure and its causes, outermost first; empty for null. */
    public static Stream<Throwable> of(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(MAX_DEPTH);
    }

    /** The first line of the message of the deepest cause, or its class name. */
    public static String deepest(Throwable failure) {
        return line(of(failure).reduce((outer, inner) -> inner).orElseThrow());
    }

    /** The first line of a failure's message, or its class name if that is empty. */
    public static String line(Throwable failure) {
        String message = failure.getMessage() == null
                ? ""
                : failure.getMessage().lines().findFirst().orElse("");
        return message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }
}
