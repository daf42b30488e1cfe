package org.colleaguesearch.source;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Predicate;
import org.apache.camel.processor.errorhandler.RedeliveryPolicy;

/** The redelivery policy of the API that is called. Immutable after its construction. */
final class ApiRedelivery extends RedeliveryPolicy {
    private final Map<String, RedeliveryPolicy> byApi = new HashMap<>();

    ApiRedelivery(Apis apis) {
        apis.forEach(
                api -> byApi.put(api.name(), Redelivery.policy(api.settings().retry())));
        // Camel asks this policy only whether there are retries at all.
        setMaximumRedeliveries(byApi.values().stream()
                .mapToInt(RedeliveryPolicy::getMaximumRedeliveries)
                .max()
                .orElse(0));
        // The final failure is reported elsewhere; a stack trace per call would bury the log.
        setLogExhausted(false);
        setRetryAttemptedLogLevel(LoggingLevel.DEBUG);
    }

    @Override
    public boolean shouldRedeliver(Exchange exchange, int counted, Predicate retryWhile) {
        // A copy of this policy serves failures that are not retried.
        return getMaximumRedeliveries() != 0
                && byApi.get(CallState.of(exchange).api()).shouldRedeliver(exchange, counted, retryWhile);
    }
}
