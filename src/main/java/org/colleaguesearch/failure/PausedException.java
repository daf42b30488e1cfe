package org.colleaguesearch.failure;

/** The run cannot continue now and must pause; it can be resumed. The message is the reason, in one line. */
public class PausedException extends RuntimeException {
    public PausedException(String message) {
        super(message);
    }
}
