package org.colleaguesearch.monitoring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Logs where health and metrics are to be had, since the port may have been any free one. */
@Component
class ManagementAddress {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementAddress.class);

    private final String address;

    ManagementAddress(@Value("${management.server.address:0.0.0.0}") String address) {
        this.address = address;
    }

    @EventListener
    void on(WebServerInitializedEvent started) {
        if ("management".equals(started.getApplicationContext().getServerNamespace())) {
            LOG.info(
                    "Health and metrics on http://{}:{}/actuator",
                    address,
                    started.getWebServer().getPort());
        }
    }
}
