package org.colleaguesearch.api;

/** The run cannot go on for now: it is to pause, and can be resumed. */
public class PausedException extends RuntimeException {
    public PausedException(String message) {
        super(message);
    }
}
