package org.colleaguesearch.monitoring;

import org.colleaguesearch.tracing.TraceContext;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Excludes Spring Boot's tracing if there is no endpoint to send traces to: it would set up everything but the sending,
 * including queues and threads.
 */
class TracingFilter implements AutoConfigurationImportFilter, EnvironmentAware {
    private static final String PACKAGES =
            "org\\.springframework\\.boot\\.actuate\\.autoconfigure\\.(opentelemetry|tracing|logging)\\..*";

    private boolean traced;

    @Override
    public void setEnvironment(Environment environment) {
        traced = environment.containsProperty(TraceContext.ENDPOINT);
    }

    @Override
    public boolean[] match(String[] autoConfigurations, AutoConfigurationMetadata metadata) {
        boolean[] kept = new boolean[autoConfigurations.length];
        for (int i = 0; i < kept.length; i++) {
            // Null: already excluded.
            kept[i] = traced || autoConfigurations[i] == null || !autoConfigurations[i].matches(PACKAGES);
        }
        return kept;
    }
}
