package org.colleaguesearch.extract;

/** A search failed, but may succeed when retried. */
class TransientFailure extends ExtractFailure {
    TransientFailure(String message) {
        super(message);
    }
}
