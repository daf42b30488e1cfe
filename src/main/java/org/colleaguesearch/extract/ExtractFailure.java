package org.colleaguesearch.extract;

/** A query file cannot be processed. The message says in one line what is wrong, and where. */
class ExtractFailure extends RuntimeException {
    ExtractFailure(String message) {
        super(message);
    }

    ExtractFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
