package org.colleaguesearch.ledger;

import org.colleaguesearch.failure.PausedException;

/** Another instance has taken the lease of the database: this one may not write to the ledger, nor deliver anything. */
public final class LeaseLost extends PausedException {
    LeaseLost(String message) {
        super(message);
    }

    /** One line for a person; {@code holder} is null where it is not known. */
    static String message(String holder) {
        return "another instance" + (holder == null ? "" : " (" + holder + ")")
                + " has taken over the database; this one has stopped its runs and no longer writes to it";
    }
}
