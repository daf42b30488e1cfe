package org.colleaguesearch.source;

/** The pages of a list cannot be read to the end. The message is the reason, in one line. */
public final class PagesException extends RuntimeException {
    public PagesException(String reason) {
        super(reason);
    }
}
