package org.colleaguesearch.tooling.testing;

/** A call of something outside of the application that a case does not answer. */
class Unanswered extends RuntimeException {
    Unanswered(String problem) {
        super(problem);
    }
}
