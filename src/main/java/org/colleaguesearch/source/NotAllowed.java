package org.colleaguesearch.source;

/** A URL that may not be called. The message is the reason, in one line that does not quote the URL. */
public final class NotAllowed extends RuntimeException {
    NotAllowed(String reason) {
        super(reason);
    }
}
