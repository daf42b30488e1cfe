package org.colleaguesearch.source;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.processor.errorhandler.RedeliveryPolicy;
import org.colleaguesearch.demo.DemoApi;
import org.colleaguesearch.demo.DemoSources;
import org.colleaguesearch.settings.Settings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The APIs: only the demo API when none has a base URL. */
@Configuration(proxyBeanMethods = false)
class ApiConfiguration {
    private static final String APIS = "colleagues.apis";

    @Bean
    @Conditional(WhenDemo.class)
    DemoApi demoApi(Settings settings) {
        return new DemoApi(settings.demo());
    }

    @Bean
    Apis apis(Settings settings, ObjectProvider<DemoApi> demo) {
        DemoApi demoApi = demo.getIfAvailable();
        return new Apis(settings, demoApi == null ? null : demoApi.start());
    }

    /** The set-up of each API's HTTP client, {@code apiClient-<name>}, by which the route call-api refers to it. */
    @Bean
    static BeanDefinitionRegistryPostProcessor apiClients(Environment environment) {
        Set<String> named = named(environment);
        return registry -> (named.isEmpty() ? ofDemo() : named)
                .forEach(name -> registry.registerBeanDefinition(
                        "apiClient-" + name,
                        BeanDefinitionBuilder.genericBeanDefinition(ApiClient.class)
                                .addConstructorArgValue(name)
                                .setAutowireMode(AbstractBeanDefinition.AUTOWIRE_CONSTRUCTOR)
                                .getBeanDefinition()));
    }

    private static Set<String> ofDemo() {
        Set<String> names = new TreeSet<>(DemoSources.NAMES);
        names.add(Settings.DEFAULT_API);
        return names;
    }

    /** How calls with transient failures are retried, by {@code colleagues.apis.<name>.retry}. */
    @Bean
    RedeliveryPolicy apiRetry(Apis apis) {
        return new ApiRedelivery(apis);
    }

    /** The names of the APIs with a base URL. */
    private static Set<String> named(Environment environment) {
        Set<String> names = Binder.get(environment)
                .bind(APIS, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet();
        return names.stream()
                .filter(name -> !environment
                        .getProperty(APIS + "." + name + ".base-url", "")
                        .isEmpty())
                .collect(Collectors.toSet());
    }

    /** See {@link Settings#usesDemo}. */
    static final class WhenDemo implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return named(context.getEnvironment()).isEmpty();
        }
    }
}
