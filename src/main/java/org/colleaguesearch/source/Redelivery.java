package org.colleaguesearch.source;

import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Predicate;
import org.apache.camel.processor.errorhandler.RedeliveryPolicy;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;

/**
 * By what settings Camel calls again, but for two things. Camel counts the attempts in a header, which any step may
 * remove: they would never end. And nothing wakes a thread that Camel has put to sleep until the next attempt, not even
 * that its run is cancelled.
 */
public final class Redelivery extends RedeliveryPolicy {
    private Redelivery() {}

    public static RedeliveryPolicy policy(Settings.Retry retry) {
        RedeliveryPolicy policy = new Redelivery();
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

    /** Also waits until the call is to be made again. */
    @Override
    public boolean shouldRedeliver(Exchange exchange, int counted, Predicate retryWhile) {
        CallState call = CallState.of(exchange);
        if (!super.shouldRedeliver(exchange, call.retries() + 1, retryWhile)) {
            return false;
        }
        call.retry();
        Long asked = exchange.getMessage().getHeader(Exchange.REDELIVERY_DELAY, Long.class);
        call.delay(asked == null ? calculateRedeliveryDelay(call.delay(), call.retries()) : asked);
        try {
            call.run().pause(Duration.ofMillis(call.delay()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PausedException("interrupted while waiting to make a call again");
        }
        exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, 0L);
        return true;
    }
}
