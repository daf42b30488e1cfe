package org.colleaguesearch.indexing;

/** A section's pages do not lead from one to the next to an end. The message is the reason, in one line. */
final class PagesException extends RuntimeException {
    PagesException(String reason) {
        super(reason);
    }
}
