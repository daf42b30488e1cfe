package org.colleaguesearch.indexing;

/** The items of a call could not be written. The URL has no outcome then: its whole chunk fails, with the cause. */
public final class ChunkFailure extends RuntimeException {
    public ChunkFailure(Exception cause) {
        super(cause);
    }

    Exception reason() {
        return (Exception) getCause();
    }
}
