package org.colleaguesearch.source;

import java.net.UnknownHostException;

/** A host that leads to addresses which no export may call. The message is the reason, in one line. */
final class ForbiddenAddress extends UnknownHostException {
    ForbiddenAddress(String reason) {
        super(reason);
    }
}
