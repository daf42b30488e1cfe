package org.colleaguesearch.monitoring;

import org.apache.camel.CamelContext;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Traces of routes, where there is an endpoint to send them to; else no route does anything for them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(TracingFilter.ENDPOINT)
class TracingConfiguration {
    /** A call is one span, that of its HTTP request: the routes around it would make it seven. */
    private static final String ROUTES_OF_A_CALL = "direct:fetch-url,direct:call-api";

    /** Camel starts and stops it. It sends by Spring Boot's OpenTelemetry, which has the settings. */
    @Bean(initMethod = "", destroyMethod = "")
    OpenTelemetryTracer routeTracer(CamelContext camel) {
        OpenTelemetryTracer tracer = new OpenTelemetryTracer();
        tracer.setExcludePatterns(ROUTES_OF_A_CALL);
        tracer.init(camel);
        return tracer;
    }
}
