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
 * Logs where health and metrics are to be had, since the port may have been any free one; and says there that the
 * application is alive, which Spring Boot would not before the start is complete. It may wait for OpenSearch until then,
 * and is not to be restarted for that.
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
            // With TLS when that is set for the API, unless management.server.ssl says otherwise.
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
