package org.colleaguesearch.api;

import org.apache.camel.LoggingLevel;
import org.apache.camel.processor.errorhandler.RedeliveryPolicy;
import org.colleaguesearch.demo.DemoApi;
import org.colleaguesearch.settings.Settings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The people API: the demo's when no base URL is set. */
@Configuration(proxyBeanMethods = false)
class ApiConfiguration {
    @Bean
    @ConditionalOnExpression("'${colleagues.api.base-url:}'.isEmpty()")
    DemoApi demoApi(Settings settings) {
        return new DemoApi(settings.demo());
    }

    @Bean
    ApiUrls apiUrls(Settings settings, ObjectProvider<DemoApi> demo) {
        DemoApi demoApi = demo.getIfAvailable();
        return new ApiUrls(demoApi == null ? settings.api().baseUrl() : demoApi.start());
    }

    /** When a call that failed for a passing reason is made again, by {@code colleagues.api.retry}. */
    @Bean
    RedeliveryPolicy apiRetry(Settings settings) {
        Settings.Retry retry = settings.api().retry();
        RedeliveryPolicy policy = new RedeliveryPolicy();
        policy.setMaximumRedeliveries(retry.attempts() - 1);
        policy.setRedeliveryDelay(retry.firstDelay().toMillis());
        policy.setUseExponentialBackOff(true);
        policy.setBackOffMultiplier(retry.multiplier());
        policy.setMaximumRedeliveryDelay(retry.maxDelay().toMillis());
        // Up to a quarter more or less, so that workers which failed together do not come back together.
        policy.setUseCollisionAvoidance(true);
        policy.setCollisionAvoidancePercent(25);
        // A failed call ends as an outcome, with its reason; a stack trace a call would bury the log.
        policy.setLogExhausted(false);
        policy.setRetryAttemptedLogLevel(LoggingLevel.DEBUG);
        return policy;
    }
}
