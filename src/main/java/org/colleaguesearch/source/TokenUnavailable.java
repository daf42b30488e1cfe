package org.colleaguesearch.source;

import java.io.IOException;

/**
 * The authorization server issues no access token for now, so the API cannot be called. The message is the reason, in
 * one line.
 */
final class TokenUnavailable extends IOException {
    TokenUnavailable(String reason) {
        super(reason);
    }
}
