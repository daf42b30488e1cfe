package org.colleaguesearch.source;

import java.io.IOException;

/** The server of access tokens gives none for now, so the API cannot be called. The message is the reason, in one line. */
final class NoAccessToken extends IOException {
    NoAccessToken(String reason) {
        super(reason);
    }
}
