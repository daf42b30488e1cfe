package org.colleaguesearch.source;

import org.apache.camel.Exchange;

/** Simulates retried calls. */
public final class RetriedCalls {
    private RetriedCalls() {}

    /** Counts retries as if the call had failed. */
    public static void retry(Exchange call, int times) {
        for (int i = 0; i < times; i++) {
            CallState.of(call).retry();
        }
    }
}
