package org.colleaguesearch.extract;

/** Why a file of queries cannot be done. The message is one line for whoever dropped it: what is wrong, and where. */
class ExtractFailure extends RuntimeException {
    ExtractFailure(String message) {
        super(message);
    }

    ExtractFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
