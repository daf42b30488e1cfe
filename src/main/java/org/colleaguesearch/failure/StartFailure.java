package org.colleaguesearch.failure;

/** The application cannot start. The message is the one line that the user sees: what is wrong, where, what to do. */
public class StartFailure extends RuntimeException {
    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
