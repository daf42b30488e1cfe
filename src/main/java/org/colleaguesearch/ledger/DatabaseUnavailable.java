package org.colleaguesearch.ledger;

import org.colleaguesearch.failure.PausedException;

/** The database has been unavailable for longer than the patience. The message is the reason in one line. */
final class DatabaseUnavailable extends PausedException {
    private static final long serialVersionUID = 1L;

    DatabaseUnavailable(String message) {
        super(message);
    }
}
