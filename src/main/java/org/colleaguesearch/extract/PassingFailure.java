package org.colleaguesearch.extract;

/** A search that failed, and that may well succeed later. */
class PassingFailure extends ExtractFailure {
    PassingFailure(String message) {
        super(message);
    }
}
