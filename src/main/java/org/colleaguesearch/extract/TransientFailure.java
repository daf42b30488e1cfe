package org.colleaguesearch.extract;

/** A search that failed, and that may well succeed later. */
class TransientFailure extends ExtractFailure {
    TransientFailure(String message) {
        super(message);
    }
}
