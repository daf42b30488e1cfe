package org.colleaguesearch.source;

import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Predicate;
import org.apache.camel.processor.errorhandler.RedeliveryPolicy;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;

/**
 * Camel's redelivery policy, with two changes. Camel counts the attempts in a header, which any step may remove:
 * retries would never end. And nothing wakes a thread that Camel has put to sleep until the next attempt, not even the
 * cancellation of its run.
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
        // 25% jitter, so that workers that failed together do not retry together.
        policy.setUseCollisionAvoidance(true);
        policy.setCollisionAvoidancePercent(25);
        // The final failure is reported elsewhere; a stack trace per call would bury the log.
        policy.setLogExhausted(false);
        policy.setRetryAttemptedLogLevel(LoggingLevel.DEBUG);
        return policy;
    }

    /** Also waits for the delay before the retry. */
    @Override
    public boolean shouldRedeliver(Exchange exchange, int counted, Predicate retryWhile) {
        CallState call = CallState.of(exchange);
        if (!super.shouldRedeliver(exchange, call.retries() + 1, retryWhile)) {
            return false;
        }
        call.retry();
        Long requested = exchange.getMessage().getHeader(Exchange.REDELIVERY_DELAY, Long.class);
        call.delay(requested == null ? calculateRedeliveryDelay(call.delay(), call.retries()) : requested);
        try {
            call.run().pause(Duration.ofMillis(call.delay()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PausedException("interrupted while waiting to retry a call");
        }
        exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, 0L);
        return true;
    }
}
