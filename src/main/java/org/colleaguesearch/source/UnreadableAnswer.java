package org.colleaguesearch.source;

import com.fasterxml.jackson.core.JsonProcessingException;

/**
 * An answer that came whole, but that cannot be read as it is, now or later. The message is the reason, in one line.
 * Other failures to read JSON may be those of a torn answer.
 */
final class UnreadableAnswer extends JsonProcessingException {
    UnreadableAnswer(String reason) {
        super(reason);
    }
}
