package org.colleaguesearch.tooling.testing;

/** A call to an external system that a case does not answer. */
class UnansweredCall extends RuntimeException {
    UnansweredCall(String problem) {
        super(problem);
    }
}
