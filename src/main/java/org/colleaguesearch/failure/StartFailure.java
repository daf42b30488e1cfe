package org.colleaguesearch.failure;

/** A start that cannot succeed. The message is the one line a user sees: what is wrong, where, and what to do. */
public class StartFailure extends RuntimeException {
    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
