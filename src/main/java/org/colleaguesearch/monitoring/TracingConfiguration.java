package org.colleaguesearch.monitoring;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.resources.ResourceBuilder;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.semconv.ServiceAttributes;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.colleaguesearch.tracing.TraceContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryProperties;
import org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryResourceAttributes;
import org.springframework.boot.actuate.autoconfigure.tracing.SdkTracerProviderBuilderCustomizer;
import org.springframework.boot.actuate.autoconfigure.tracing.TracingProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Traces, where there is an endpoint to send them to; else nothing does anything for them. They are sent by Spring Boot's
 * OpenTelemetry, which has the settings.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(TraceContext.ENDPOINT)
class TracingConfiguration {
    /** Characters of a value. A URL may be longer, and a path that a stranger asks for may be 8 KB. */
    private static final int LONGEST_VALUE = 1000;

    /** As Spring Boot has it, and with the version; whoever sets one goes first. */
    @Bean
    Resource tracedService(
            Environment environment, OpenTelemetryProperties properties, ObjectProvider<BuildProperties> build) {
        ResourceBuilder service = Resource.builder();
        build.ifAvailable(built -> service.put(ServiceAttributes.SERVICE_VERSION, built.getVersion()));
        new OpenTelemetryResourceAttributes(environment, properties.getResourceAttributes()).applyTo(service::put);
        return Resource.getDefault().merge(service.build());
    }

    /**
     * The sampling of a client does not count: with it, one could have all its requests traced, or none. Its trace id does,
     * so that the same traces are sampled here and by others who sample so.
     */
    @Bean
    Sampler sampler(TracingProperties properties) {
        Sampler share = Sampler.traceIdRatioBased(properties.getSampling().getProbability());
        return Sampler.parentBasedBuilder(share)
                .setRemoteParentSampled(share)
                .setRemoteParentNotSampled(share)
                .build();
    }

    @Bean
    SdkTracerProviderBuilderCustomizer boundedSpans() {
        return traces -> traces.setSpanLimits(
                SpanLimits.builder().setMaxAttributeValueLength(LONGEST_VALUE).build());
    }

    @Bean
    SpanProcessor workAttributes() {
        return new WorkAttributes();
    }

    /** That of the spans of routes and requests. */
    @Bean
    Tracer colleagueSearchTracer(OpenTelemetry openTelemetry) {
        return openTelemetry.getTracer("org.colleaguesearch");
    }

    @Bean
    CamelContextConfiguration tracedRoutes(Tracer tracer) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                RouteSpans.addTo(camel, tracer);
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                // They have been traced from the first exchange on.
            }
        };
    }
}
