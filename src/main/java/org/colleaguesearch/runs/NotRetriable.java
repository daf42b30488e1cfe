package org.colleaguesearch.runs;

/** The failed URLs of a batch cannot be retried, at least not now. */
public class NotRetriable extends RuntimeException {
    NotRetriable(String message) {
        super(message);
    }
}
