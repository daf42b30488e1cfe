package org.colleaguesearch.monitoring;

import org.apache.camel.CamelContext;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Traces of routes, where there is an endpoint to send them to; else no route does anything for them. */
@Component
@ConditionalOnProperty(TracingFilter.ENDPOINT)
class TracingConfiguration implements CamelContextConfiguration {
    /** A call is one span, that of its HTTP request: the routes around it would make it seven. */
    private static final String ROUTES_OF_A_CALL = "direct:fetch-url,direct:call-api";

    /** Each context has a tracer, which it starts and stops. It sends by Spring Boot's OpenTelemetry, which has the settings. */
    @Override
    public void beforeApplicationStart(CamelContext camel) {
        OpenTelemetryTracer tracer = new OpenTelemetryTracer();
        tracer.setExcludePatterns(ROUTES_OF_A_CALL);
        tracer.init(camel);
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {
        // It has been there from the first exchange on.
    }
}
