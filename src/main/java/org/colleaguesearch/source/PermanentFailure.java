package org.colleaguesearch.source;

import java.io.IOException;

/** A call that would fail again if it were retried. The message is the reason, in one line. */
final class PermanentFailure extends IOException {
    PermanentFailure(String reason) {
        super(reason);
    }

    PermanentFailure(String reason, Exception cause) {
        super(reason, cause);
    }
}
