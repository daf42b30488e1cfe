package org.colleaguesearch.source;

import java.net.UnknownHostException;

/** A host with no address that exports may call. The message is the reason, in one line. */
final class ForbiddenAddress extends UnknownHostException {
    ForbiddenAddress(String reason) {
        super(reason);
    }
}
