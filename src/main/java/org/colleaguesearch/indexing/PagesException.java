package org.colleaguesearch.indexing;

/** The pages of a section cannot be read to the end. The message is the reason, in one line. */
final class PagesException extends RuntimeException {
    PagesException(String reason) {
        super(reason);
    }
}
