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
 * Traces, if there is an endpoint to send them to; otherwise nothing is set up. Spring Boot's OpenTelemetry sends them
 * and has the settings.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(TraceContext.ENDPOINT)
class TracingConfiguration {
    /**
     * Maximum length of an attribute value, in characters. A URL may be longer, and a stranger may request a path of 8
     * KB.
     */
    private static final int LONGEST_VALUE = 1000;

    /** Not yet among the stable names of OpenTelemetry's library. */
    private static final String INSTANCE = "service.instance.id";

    TracingConfiguration() {
        ExportFailures.logInOneLine();
    }

    /** Spring Boot's resource plus the version and the node; attributes from the settings take precedence. */
    @Bean
    Resource tracedService(
            Environment environment,
            OpenTelemetryProperties properties,
            ObjectProvider<BuildProperties> build,
            ObjectProvider<NodeTag> tag) {
        ResourceBuilder service = Resource.builder();
        build.ifAvailable(built -> service.put(ServiceAttributes.SERVICE_VERSION, built.getVersion()));
        tag.ifAvailable(tagged -> service.put(INSTANCE, tagged.node().name()));
        new OpenTelemetryResourceAttributes(environment, properties.getResourceAttributes()).applyTo(service::put);
        return Resource.getDefault().merge(service.build());
    }

    /**
     * Ignores the client's sampling decision, by which a client could have all its requests traced, or none, but uses
     * its trace id, so that services that sample by trace id sample the same traces.
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

    /** The tracer for spans of routes and requests. */
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
                // Traced already, from the first exchange on.
            }
        };
    }
}
