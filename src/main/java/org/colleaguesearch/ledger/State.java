package org.colleaguesearch.ledger;

import java.util.Locale;

/** How a run or a batch stands. Only a run that is COMPLETED has put its CSV files in place. */
public enum State {
    NOT_STARTED,
    /** Under way; or, in the ledger of an application that has just started, cut off by a crash. */
    RUNNING,
    /** It could not go on, or the application stopped: it is continued at the next start or trigger. */
    PAUSED,
    COMPLETED,
    /** It ended before all was done, and is not to be continued. */
    FAILED,
    /** It was left unfinished, and is too old or superseded by a newer one. */
    ABANDONED,
    /** Someone cancelled it: no chunk began after that, and it is not to be continued. */
    CANCELLED;

    /** Whether it will not change any more. */
    public boolean isFinal() {
        return this == COMPLETED || this == FAILED || this == ABANDONED || this == CANCELLED;
    }

    /** As the ledger has it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of a text, whether the ledger's or a person's. */
    public static State of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace(' ', '_'));
    }

    /** As a person reads it. */
    @Override
    public String toString() {
        return text().replace('_', ' ');
    }
}
