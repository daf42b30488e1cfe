package org.colleaguesearch.tooling.testing;

/** The application that runs the tests cannot start; it has printed the cause. */
public class TestStartFailure extends RuntimeException {
    TestStartFailure(RuntimeException cause) {
        super("the application cannot start", cause);
    }
}
