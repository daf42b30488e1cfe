package org.colleaguesearch.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.server.Ssl;
import org.springframework.context.event.EventListener;

/** Logs the address of the API, whose port may be chosen at start, and creates the first key if the settings have none. */
class ApiAddress {
    private static final Logger LOG = LoggerFactory.getLogger(ApiAddress.class);

    private final ServerProperties server;
    private final ApiKeys keys;
    private final FirstKey firstKey;

    ApiAddress(ServerProperties server, ApiKeys keys, FirstKey firstKey) {
        this.server = server;
        this.keys = keys;
        this.firstKey = firstKey;
    }

    @EventListener
    void on(WebServerInitializedEvent started) {
        int port = started.getWebServer().getPort();
        if (port < 0 || started.getApplicationContext().getServerNamespace() != null) {
            return;
        }
        LOG.info(
                "API on {}://{}:{}; open this address in a browser to try it",
                Ssl.isEnabled(server.getSsl()) ? "https" : "http",
                server.getAddress() == null ? "0.0.0.0" : server.getAddress().getHostAddress(),
                port);
        if (keys.isEmpty()) {
            firstKey.key().ifPresent(keys::admit);
        }
    }
}
