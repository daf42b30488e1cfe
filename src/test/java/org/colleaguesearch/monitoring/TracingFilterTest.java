package org.colleaguesearch.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.colleaguesearch.tracing.TraceContext;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class TracingFilterTest {
    private static final String[] CONFIGURATIONS = {
        "org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration",
        "org.springframework.boot.actuate.autoconfigure.tracing.otlp.OtlpTracingAutoConfiguration",
        null,
        "org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration"
    };

    private final TracingFilter filter = new TracingFilter();

    @Test
    void excludesTracingWithoutAnEndpoint() {
        filter.setEnvironment(new MockEnvironment());

        assertThat(filter.match(CONFIGURATIONS, null)).containsExactly(false, false, true, true);
    }

    @Test
    void keepsAllWithAnEndpoint() {
        filter.setEnvironment(
                new MockEnvironment().withProperty(TraceContext.ENDPOINT, "http://127.0.0.1:4318/v1/traces"));

        assertThat(filter.match(CONFIGURATIONS, null)).containsOnly(true);
    }
}
