package org.colleaguesearch;

/** A command line that cannot be understood; the message is the one line that says why. */
final class WrongUsage extends RuntimeException {
    WrongUsage(String message) {
        super(message);
    }
}
