package org.colleaguesearch.extract;

import org.apache.camel.processor.errorhandler.RedeliveryPolicy;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.Redelivery;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans for the routes of the extract. */
@Configuration(proxyBeanMethods = false)
class ExtractConfiguration {
    /** Retries searches after transient failures, as set by {@code colleagues.extract.retry}. */
    @Bean
    RedeliveryPolicy extractRetry(Settings settings) {
        return Redelivery.policy(settings.extract().retry());
    }
}
