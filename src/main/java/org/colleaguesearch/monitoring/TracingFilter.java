package org.colleaguesearch.monitoring;

import org.colleaguesearch.tracing.TraceContext;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves out what Spring Boot sets up for traces where there is no endpoint to send them to: it would set up all but
 * the sending, and queues and threads with it.
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
            // Null: left out already.
            kept[i] = traced || autoConfigurations[i] == null || !autoConfigurations[i].matches(PACKAGES);
        }
        return kept;
    }
}
