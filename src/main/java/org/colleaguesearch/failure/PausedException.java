package org.colleaguesearch.failure;

/** The run cannot go on for now and is to pause; it can be resumed. The message is the reason, in one line. */
public class PausedException extends RuntimeException {
    public PausedException(String message) {
        super(message);
    }
}
