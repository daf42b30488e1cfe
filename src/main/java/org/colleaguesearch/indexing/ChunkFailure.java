package org.colleaguesearch.indexing;

/** A call's items could not be written: that is no outcome of its URL, and its chunk fails with the cause. */
public final class ChunkFailure extends RuntimeException {
    private final Exception cause;

    public ChunkFailure(Exception cause) {
        super(cause);
        this.cause = cause;
    }

    Exception reason() {
        return cause;
    }
}
