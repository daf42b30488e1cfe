package org.colleaguesearch.extract;

import org.apache.camel.processor.errorhandler.RedeliveryPolicy;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.Redelivery;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the routes of the extract are made with. */
@Configuration(proxyBeanMethods = false)
class ExtractConfiguration {
    /** When a search with a transient failure is made again, by {@code colleagues.extract.retry}. */
    @Bean
    RedeliveryPolicy extractRetry(Settings settings) {
        return Redelivery.policy(settings.extract().retry());
    }
}
