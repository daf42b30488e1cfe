package org.colleaguesearch.source;

import org.apache.camel.Exchange;

/** Calls that were made again. */
public final class RetriedCalls {
    private RetriedCalls() {}

    /** Counts retries, as those after a failure are counted. */
    public static void retry(Exchange call, int times) {
        for (int i = 0; i < times; i++) {
            CallState.of(call).retry();
        }
    }
}
