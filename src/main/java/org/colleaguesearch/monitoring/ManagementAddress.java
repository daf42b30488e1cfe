package org.colleaguesearch.monitoring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.embedded.tomcat.TomcatWebServer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Logs the address of health and metrics, since the port may be any free one, and reports the application as live.
 * Spring Boot would do so only after the start, which may wait for OpenSearch and must not be restarted for that.
 */
@Component
class ManagementAddress {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementAddress.class);

    private final ApplicationContext context;
    private final String address;

    ManagementAddress(ApplicationContext context, @Value("${management.server.address:0.0.0.0}") String address) {
        this.context = context;
        this.address = address;
    }

    @EventListener
    void on(WebServerInitializedEvent started) {
        if ("management".equals(started.getApplicationContext().getServerNamespace())) {
            // With TLS if the API has it, unless management.server.ssl says otherwise.
            TomcatWebServer server = (TomcatWebServer) started.getWebServer();
            LOG.info(
                    "Health and metrics on {}://{}:{}/actuator",
                    server.getTomcat().getConnector().getScheme(),
                    address,
                    server.getPort());
            AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
        }
    }
}
