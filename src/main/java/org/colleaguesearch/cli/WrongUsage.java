package org.colleaguesearch.cli;

import org.colleaguesearch.settings.Problem;

/** A command line that cannot be understood; the message is the one line, safe for a terminal, that says why. */
final class WrongUsage extends RuntimeException {
    WrongUsage(String message) {
        super(Problem.printable(message));
    }
}
