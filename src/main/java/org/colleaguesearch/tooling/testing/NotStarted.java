package org.colleaguesearch.tooling.testing;

/** The application that tests run in does not start, and has said why. */
public class NotStarted extends RuntimeException {
    NotStarted(RuntimeException cause) {
        super("the application does not start", cause);
    }
}
