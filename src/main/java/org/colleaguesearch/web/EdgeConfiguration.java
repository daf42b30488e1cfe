package org.colleaguesearch.web;

import io.opentelemetry.api.trace.Tracer;
import java.util.Set;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.rest.openapi.RestOpenApiComponent;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import org.apache.catalina.core.StandardHost;
import org.colleaguesearch.indexing.CurrentRoutes;
import org.colleaguesearch.indexing.SearchedSections;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.tracing.TraceContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.filter.OrderedFormContentFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Configures the server of the API, and Camel's responses. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class EdgeConfiguration {
    /** The message headers that are sent to the client, in lower case. */
    private static final Set<String> ANSWER_HEADERS = Set.of(
            "accept-ranges",
            "content-disposition",
            "content-encoding",
            "content-length",
            "content-range",
            "etag",
            "last-modified",
            "location",
            "preference-applied",
            "retry-after",
            "vary");

    @Bean
    ApiContract apiContract(SearchedSections sections) {
        return new ApiContract(sections::all);
    }

    @Bean
    ApiKeys apiKeys(Settings settings) {
        return new ApiKeys(settings.web().keys());
    }

    @Bean
    ApiAddress apiAddress(ServerProperties server, ApiKeys keys, JdbcClient sql, Settings settings) {
        return new ApiAddress(server, keys, new FirstKey(sql, settings.database()));
    }

    /** Camel's threads for requests. {@link InFlight} bounds their number. */
    @Bean
    SimpleAsyncTaskExecutor apiThreads() {
        SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("api-");
        threads.setVirtualThreads(true);
        return threads;
    }

    @Bean
    ComponentCustomizer operationCalls(ObjectProvider<CurrentRoutes> routes, ObjectProvider<Lease> lease) {
        return ComponentCustomizer.builder(RestOpenApiComponent.class).build(component -> {
            OperationCalls calls = new OperationCalls(routes.getObject(), lease.getObject());
            calls.setCamelContext(component.getCamelContext());
            component.setRestOpenapiProcessorStrategy(calls);
        });
    }

    @Bean
    ComponentCustomizer answerHeaders() {
        DefaultHeaderFilterStrategy answers = new DefaultHeaderFilterStrategy();
        answers.setLowerCase(true);
        answers.setFilterOnMatch(false);
        answers.setOutFilter(ANSWER_HEADERS);
        // After Camel's own customizer, which sets all options.
        return ComponentCustomizer.builder(PlatformHttpComponent.class)
                .withOrder(Ordered.LOWEST_PRECEDENCE)
                .build(component -> {
                    component.setHeaderFilterStrategy(answers);
                    // Checks does this; Camel would also require the media type of problem documents.
                    component.setServerRequestValidation(false);
                });
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsOfTomcat(Refusals refusals) {
        return factory -> factory.addContextCustomizers(context -> {
            StandardHost host = (StandardHost) context.getParent();
            host.setErrorReportValveClass(ProblemValve.class.getName());
            host.getPipeline().addValve(new ProblemValve(refusals));
        });
    }

    /** Disabled: the filter would read bodies of any size from anyone. */
    @Bean
    FilterRegistrationBean<OrderedFormContentFilter> noForms(OrderedFormContentFilter forms) {
        FilterRegistrationBean<OrderedFormContentFilter> registration = new FilterRegistrationBean<>(forms);
        registration.setEnabled(false);
        return registration;
    }

    /** The first filter. A tracer exists only if traces are exported. */
    @Bean
    @ConditionalOnProperty(TraceContext.ENDPOINT)
    FilterRegistrationBean<RequestSpanFilter> requestSpans(Tracer tracer, ApiContract contract) {
        FilterRegistrationBean<RequestSpanFilter> registration =
                new FilterRegistrationBean<>(new RequestSpanFilter(tracer, contract));
        registration.addUrlPatterns(ApiContract.BASE_PATH + "/*");
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }
}
