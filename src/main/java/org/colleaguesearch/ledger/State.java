package org.colleaguesearch.ledger;

import java.util.Locale;

/** The state of a run or batch. Only a COMPLETED or HELD run has written its CSV files. */
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
    CANCELLED,
    /** Completed, except that some outcomes are held until someone releases or rejects them. Only runs. */
    HELD;

    private static final String HELD_TEXT = "completed, held";

    /** Whether this state never changes again, unless someone retries, releases or rejects. */
    public boolean isFinal() {
        return isCompleted() || this == FAILED || this == ABANDONED || this == CANCELLED;
    }

    /** Whether each URL has an outcome. */
    public boolean isCompleted() {
        return this == COMPLETED || this == HELD;
    }

    /** The value in the ledger. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Parses {@link #text} or {@link #toString}. */
    public static State of(String text) {
        return text.equals(HELD_TEXT)
                ? HELD
                : valueOf(text.toUpperCase(Locale.ROOT).replace(' ', '_'));
    }

    /** The text for messages. */
    @Override
    public String toString() {
        return this == HELD ? HELD_TEXT : text().replace('_', ' ');
    }
}
