package org.colleaguesearch.ledger;

import java.util.Locale;

/** The state of a run or batch. Only a COMPLETED run has written its final CSV files. */
public enum State {
    NOT_STARTED,
    /** Running; or, right after a start of the application, interrupted by a crash. */
    RUNNING,
    /** Interrupted by a problem or a stop; resumed at the next start or trigger. */
    PAUSED,
    COMPLETED,
    /** Ended early, and will not be resumed. */
    FAILED,
    /** Left unfinished, and now too old or superseded by a newer one. */
    ABANDONED,
    /** Cancelled by someone: starts no more chunks, and will not be resumed. */
    CANCELLED;

    /** Whether this state never changes again. */
    public boolean isFinal() {
        return this == COMPLETED || this == FAILED || this == ABANDONED || this == CANCELLED;
    }

    /** The value in the ledger. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Parses {@link #text} or {@link #toString}. */
    public static State of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace(' ', '_'));
    }

    /** The text for messages. */
    @Override
    public String toString() {
        return text().replace('_', ' ');
    }
}
