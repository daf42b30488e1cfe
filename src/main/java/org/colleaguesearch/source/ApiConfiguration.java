package org.colleaguesearch.source;

import org.apache.camel.processor.errorhandler.RedeliveryPolicy;
import org.colleaguesearch.demo.DemoApi;
import org.colleaguesearch.settings.Settings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The people API: the demo API when no base URL is set. */
@Configuration(proxyBeanMethods = false)
class ApiConfiguration {
    @Bean
    @ConditionalOnExpression("'${colleagues.apis.default.base-url:}'.isEmpty()")
    DemoApi demoApi(Settings settings) {
        return new DemoApi(settings.demo());
    }

    @Bean
    ApiUrls apiUrls(Settings settings, ObjectProvider<DemoApi> demo) {
        DemoApi demoApi = demo.getIfAvailable();
        return new ApiUrls(demoApi == null ? settings.api().baseUrl() : demoApi.start());
    }

    /** How calls with transient failures are retried, by {@code colleagues.apis.default.retry}. */
    @Bean
    RedeliveryPolicy apiRetry(Settings settings) {
        return Redelivery.policy(settings.api().retry());
    }
}
