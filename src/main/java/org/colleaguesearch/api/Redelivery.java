package org.colleaguesearch.api;

import org.apache.camel.LoggingLevel;
import org.apache.camel.processor.errorhandler.RedeliveryPolicy;
import org.colleaguesearch.settings.Settings;

/** Makes of settings what Camel calls again by. */
public final class Redelivery {
    private Redelivery() {}

    public static RedeliveryPolicy policy(Settings.Retry retry) {
        RedeliveryPolicy policy = new RedeliveryPolicy();
        policy.setMaximumRedeliveries(retry.attempts() - 1);
        policy.setRedeliveryDelay(retry.firstDelay().toMillis());
        policy.setUseExponentialBackOff(true);
        policy.setBackOffMultiplier(retry.multiplier());
        policy.setMaximumRedeliveryDelay(retry.maxDelay().toMillis());
        // Up to a quarter more or less, so that workers which failed together do not come back together.
        policy.setUseCollisionAvoidance(true);
        policy.setCollisionAvoidancePercent(25);
        // What failed for good ends with its reason elsewhere; a stack trace a call would bury the log.
        policy.setLogExhausted(false);
        policy.setRetryAttemptedLogLevel(LoggingLevel.DEBUG);
        return policy;
    }
}
