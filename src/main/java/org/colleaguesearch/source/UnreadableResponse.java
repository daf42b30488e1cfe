package org.colleaguesearch.source;

import com.fasterxml.jackson.core.JsonProcessingException;

/**
 * A complete response that cannot be parsed, now or later. The message is the reason, in one line. Other JSON failures
 * may come from a truncated response.
 */
final class UnreadableResponse extends JsonProcessingException {
    UnreadableResponse(String reason) {
        super(reason);
    }
}
