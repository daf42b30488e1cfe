package org.colleaguesearch.source;

/** A URL that may not be called. The message is the reason, in one line, and does not quote the URL. */
public final class UrlNotAllowed extends RuntimeException {
    UrlNotAllowed(String reason) {
        super(reason);
    }
}
