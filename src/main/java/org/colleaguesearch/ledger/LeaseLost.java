package org.colleaguesearch.ledger;

import org.colleaguesearch.failure.PausedException;

/** Another instance has acquired the database lease, so this one must not write to the ledger or deliver anything. */
public final class LeaseLost extends PausedException {
    LeaseLost(String message) {
        super(message);
    }

    /** The message in one line; {@code holder} is null if unknown. */
    static String message(String holder) {
        return "another instance" + (holder == null ? "" : " (" + holder + ")")
                + " has taken over the database; this one has stopped its runs and no longer writes to it";
    }
}
